"""The taboo phrases that every team begins with, as plain data. (D503, D629, D632, D687)

The first thirty are those of the rule book (服务忌语), in its order. Those of few characters stand for
a whole clause only, or they would hit innocent words.
"""

from shouwen.knowledge.guard import BLOCK, SUGGEST, WARN, Forbidden

BOOK = "服务忌语"
LATER = "我马上为您查询，请您稍等。"
CALM = "请您不要着急，我来帮您处理。"
WHO = "请您稍等，我帮您联系负责的同事。"
ASK = "不好意思，我没有听清楚，请您再说一遍好吗？"

RULE_BOOK: tuple[tuple[str, str, str, bool], ...] = (
    ("喂", BLOCK, "您好！", True),
    ("不知道", WARN, LATER, True),
    ("墙上贴着，没长眼睛呀", BLOCK, "我把办理说明发给您。", False),
    ("急什么，烦死人了", BLOCK, CALM, False),
    ("急什么，没看到我在忙着吗", BLOCK, CALM, False),
    ("哪个？他不在", WARN, "他现在不在，我可以帮您转告吗？", False),
    ("要下班了，有事明天再来", BLOCK, "我先登记您的事项，明天一上班就联系您。", False),
    ("不舒服，你别来了", BLOCK, "我可以安排上门为您办理。", False),
    ("快点，说完了没有", BLOCK, "您请讲，我在听。", False),
    ("就这么说，怎么样", BLOCK, "请您看这样处理可以吗？", False),
    ("有本事你去告", BLOCK, "非常抱歉给您带来不便，我马上向主管反映。", False),
    ("喊什么，等一下", BLOCK, CALM, False),
    ("讲了半天，你还没听懂", BLOCK, "我换一种方式为您说明。", False),
    ("出去，今天不办公", BLOCK, "今天暂不办理，我先为您登记。", False),
    ("你问我，我问谁", BLOCK, LATER, False),
    ("我不管，该找谁找谁", BLOCK, WHO, False),
    ("我说不能办就不能办", BLOCK, "这项规定的原因我为您说明一下。", False),
    ("你怎么这么麻烦", BLOCK, "这件事我继续跟进。", False),
    ("这个事儿我处理不了", WARN, WHO, False),
    ("我正在忙呢，你找他吧", WARN, WHO, False),
    ("你说话清楚点", BLOCK, ASK, False),
    ("你真烦，等一会吧，我在忙", BLOCK, "请您稍等，我马上为您处理。", False),
    ("你找谁呀，再说一遍，我没听清楚", WARN, ASK, False),
    ("都下班了，你不知道呀", BLOCK, "现在已过服务时间，我先登记，明天联系您。", False),
    ("急什么", WARN, CALM, True),
    ("你看清楚再问", BLOCK, "我把说明再发您一次。", False),
    ("墙上有，你自己看看就行了", BLOCK, "我把办理说明发给您。", False),
    ("你找谁，没这个人儿", WARN, "请问您找哪个部门？我帮您查一下。", False),
    ("渴了自己倒水那儿有杯子", WARN, "我给您倒杯水。", False),
    ("你自己都不知道，我怎么知道", BLOCK, LATER, False),
)
# Words that the other documents name, and what no customer should read.
MORE: tuple[tuple[str, str, str, bool], ...] = (
    ("不清楚", WARN, LATER, True),
    ("这个我不清楚", WARN, LATER, False),
    ("不管我事", BLOCK, WHO, False),
    ("不关我事", BLOCK, WHO, False),
    ("没有发票", WARN, "可以为您开具发票，请提供抬头和税号。", False),
    ("开不了发票", WARN, "可以为您开具发票，请提供抬头和税号。", False),
    ("爱买不买", BLOCK, "您可以再考虑一下，有问题随时联系我。", False),
    ("随便你", WARN, "您看哪一种更方便？", True),
    ("你烦不烦", BLOCK, CALM, False),
    ("听不懂人话", BLOCK, "我换一种方式为您说明。", False),
    ("神经病", BLOCK, "", False),
    ("滚", BLOCK, "", True),
    ("讲话", BLOCK, "您请讲。", True),
    ("哪里", BLOCK, "请问您是哪一位？", True),
    ("找谁", BLOCK, "请问您找哪一位？", True),
    ("不可能", SUGGEST, "我为您确认一下。", True),
    ("我也没办法", SUGGEST, "我再帮您想想办法。", False),
)


def standard_taboos() -> list[tuple[Forbidden, str]]:
    """All of them with where each comes from."""
    rows = [(one, BOOK) for one in RULE_BOOK] + [(one, "") for one in MORE]
    return [
        (Forbidden(0, text, severity, replacement, is_whole), source)
        for (text, severity, replacement, is_whole), source in rows
    ]
