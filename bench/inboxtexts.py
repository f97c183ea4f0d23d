"""Real Chinese sentences in any number: shoppers' reviews, whole, in clauses and joined."""

import re
from functools import lru_cache
from random import Random

from shouwen.core.search import index_text
from tools.shoppers import reviews

CLAUSE_END = re.compile(r"[，。！？；、：,.!?;:~…\s]+")
LONGEST = 140
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文博子涵宇轩梓萱雨欣浩然思远嘉怡晓东国栋淑珍建业海燕"


def plain_reviews() -> list[str]:
    """Different reviews that shoppers wrote, without what COPY would have to escape."""
    clean = (" ".join(one.replace("\\", "").replace("\x00", "").split()) for one in reviews())
    return [one for one in dict.fromkeys(clean) if len(one) >= 4]


class Talk:
    """What people say, drawn from the reviews; the same seed says the same."""

    def __init__(self) -> None:
        written = plain_reviews()
        self.sentences = [one[:LONGEST] for one in written]
        clauses = {clause: None for one in written for clause in CLAUSE_END.split(one)}
        self.clauses = [one for one in clauses if 4 <= len(one) <= 40]

    def line(self, random: Random) -> tuple[str, str]:
        """A text and the text form of its index."""
        kind = random.random()
        if kind < 0.2:
            return _indexed(random.choice(self.sentences))
        if kind < 0.5:
            return _indexed(random.choice(self.clauses))
        text = "，".join(random.choices(self.clauses, k=2 if kind < 0.85 else 3))
        if kind > 0.9:
            text += f"，订单号 {random.randrange(10**9, 10**10)}"
        return text, index_text(text)


@lru_cache(maxsize=200_000)
def _indexed(text: str) -> tuple[str, str]:
    return text, index_text(text)


def person_name(random: Random) -> str:
    """A surname and one or two characters."""
    return random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))
