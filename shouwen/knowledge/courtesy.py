"""The rule book of courtesy as data: 20 polite phrases, how the phone is answered, words never to open with.

Pure: no database, no settings. The words are those of the source document; placeholders stand
where it has ××. [D628, D629, D630]
"""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils import timezone

# 文明用语, in the order of the rule book.
POLITE_PHRASES: tuple[str, ...] = (
    "你好！（您好！）",
    "{greeting}！{company}客服中心，我姓{surname}，请问有什么可以帮助您？",
    "谢谢！",
    "对不起！",
    "不客气！",
    "再见！",
    "请稍等！",
    "是的，{title}",
    "请问你找谁？",
    "请问有什么可以帮助你吗？",
    "请你不要着急！",
    "请你与××部门××先生/小姐联系。",
    "请留下您的电话号码和姓名，好吗？",
    "我们会为您提供帮助！",
    "请您填好《投诉单》！",
    "谢谢您的批评指正！",
    "这是我们应该做的！",
    "感谢您的来电！",
    "对不起，打扰了！",
    "对于您反映的问题我们会马上处理，并尽快给您回复，好吗？",
)
PHONE_RULE = "在第一时间接听电话。"
PHONE_OPENING = "你好，{company}客服中心，我姓{surname}，请问有什么可以帮助您？"
CURT_OPENINGS: tuple[str, ...] = ("喂", "讲话", "哪里", "找谁")

# From this hour on, local time, one says so.
GREETINGS: tuple[tuple[int, str], ...] = (
    (18, "晚上好"),
    (12, "下午好"),
    (5, "上午好"),
    (0, "晚上好"),
)
EITHER_TITLE = "先生/小姐"
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "夏侯",
        "司徒",
        "长孙",
        "宇文",
        "端木",
        "独孤",
        "南宫",
        "轩辕",
        "钟离",
        "闾丘",
    ]
)

# What may stand in a phrase, and what is put there when nothing is known.
PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "customer": "您",
        "title": EITHER_TITLE,
        "me": "",
        "surname": "",
        "company": "",
        "greeting": "您好",
    }
)
_PLACE = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


def time_greeting(at: datetime) -> str:
    """上午好 from 5, 下午好 from 12, 晚上好 from 18 o'clock, where the company is."""
    hour = timezone.localtime(at).hour
    return next(words for since, words in GREETINGS if hour >= since)


def greeting(at: datetime, *, company: str, surname: str) -> str:
    """How a customer is greeted at this hour, with company and surname filled in. [D628]"""
    words = {"greeting": time_greeting(at), "company": company, "surname": surname}
    return fill(POLITE_PHRASES[1], words)


def phone_opening(*, company: str, surname: str) -> str:
    """How the phone is answered, with company and surname filled in. [D628]"""
    return fill(PHONE_OPENING, {"company": company, "surname": surname})


def surname_of(name: str) -> str:
    """The surname in a Chinese name, two characters for those that have two."""
    stripped = name.strip()
    return stripped[:2] if stripped[:2] in COMPOUND_SURNAMES else stripped[:1]


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; what is not known becomes its plain substitute.

    Anything else in braces stays as it is written: this replaces, it never evaluates.
    """
    return _PLACE.sub(lambda match: words.get(match[1]) or PLACEHOLDERS[match[1]], text)
