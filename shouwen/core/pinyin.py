"""Chinese names by their sound: keys to order by, and initials to find by."""

from functools import cache, lru_cache
from importlib import import_module
from typing import Any


@cache
def _pypinyin() -> Any:
    """The library, loaded when first asked: its tables cost a third of a second and many megabytes."""
    return import_module("pypinyin")


@lru_cache(maxsize=4096)
def pinyin_key(text: str) -> str:
    """The pinyin of `text` without tones: orders Chinese names as a reader expects."""
    return " ".join(_pypinyin().lazy_pinyin(text)).lower()[:200]


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The first letters of each character's pinyin: 请稍等 gives qsd; Latin letters stay."""
    library = _pypinyin()
    letters = library.lazy_pinyin(text, style=library.Style.FIRST_LETTER)
    return "".join(letters).lower().replace(" ", "")[:200]


def sound_index(text: str) -> str:
    """Full pinyin without spaces and the initials, to be searched by prefix or substring."""
    return f"{pinyin_key(text).replace(' ', '')} {initials(text)}"[:400]
