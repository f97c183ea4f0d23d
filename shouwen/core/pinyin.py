"""Chinese names by their sound: keys to order by, and initials to find by."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=4096)
def pinyin_key(text: str) -> str:
    """The pinyin of `text` without tones: orders Chinese names as a reader expects."""
    return " ".join(lazy_pinyin(text)).lower()[:200]


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The first letters of each character's pinyin: 请稍等 gives qsd; Latin letters stay."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower().replace(" ", "")[:200]


def sound_index(text: str) -> str:
    """Full pinyin without spaces and the initials, to be searched by prefix or substring."""
    return f"{pinyin_key(text).replace(' ', '')} {initials(text)}"[:400]
