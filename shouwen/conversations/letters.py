"""The frame of an answer by mail (信函格式): who is addressed, the words, how it ends. (D109)

Pure: no database. Placeholders are replaced, never evaluated.
"""

import re
from collections.abc import Mapping

PLACES = ("customer", "title", "me", "company", "greeting", "date", "number")
_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")

OPENING = "尊敬的{customer}{title}：\n\n{greeting}！"
CLOSING = (
    "感谢您的来信。如有其他问题，欢迎随时与我们联系。\n\n此致\n敬礼！\n\n{company} {me}\n{date}"
)
FOREIGN_OPENING = "Dear {customer},"
FOREIGN_CLOSING = "Kind regards,\n{me}\n{company}"

# Who begins or ends his letter himself needs no frame there.
_ADDRESSED = re.compile(r"^\s*(尊敬的|亲爱的|敬爱的|您好|你好|dear\b|hello\b|hi\b)", re.IGNORECASE)
_SIGNED = re.compile(r"(此致|敬礼|敬上|顺祝|祝好|regards|sincerely)", re.IGNORECASE)


def filled_in(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; anything else in braces stays as written."""
    filled = _PLACE.sub(lambda match: words.get(match[1], ""), text)
    return "\n".join(row.strip() for row in filled.splitlines()).strip()


def letter(words: str, *, opening: str, closing: str) -> str:
    """The words between opening and closing; what the writer wrote himself is not said twice."""
    parts = [words.strip()]
    if opening and not _ADDRESSED.match(words):
        parts.insert(0, opening)
    if closing and not _SIGNED.search("\n".join(words.strip().splitlines()[-3:])):
        parts.append(closing)
    return "\n\n".join(parts)
