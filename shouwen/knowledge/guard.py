"""The phrase guard (服务忌语): which taboo phrases a text holds. Pure: no database, no settings. (D632)

A text is read as a person reads it: full-width letters as plain ones, without spaces, signs and
invisible characters that somebody put in between.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BLOCK, WARN, SUGGEST = "block", "warn", "suggest"
_NOISE = re.compile(r"[\W_]+")
_ENDS = re.compile(r"[\n,，.。!！?？;；:：…~～]+")


@dataclass(frozen=True)
class Forbidden:
    """A taboo phrase: how grave it is and what to say instead.

    With `is_whole` only a whole clause is meant: 急什么 alone, not inside 您急什么时候用.
    """

    id: int
    text: str
    severity: str
    replacement: str = ""
    is_whole: bool = False


def plain(text: str) -> str:
    """Letters, digits and characters only, in one width and case."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


class Guard:
    """Taboo phrases compiled once: one search for all that may stand anywhere, one look for whole clauses."""

    def __init__(self, phrases: Iterable[Forbidden]) -> None:
        known = [(plain(one.text), one) for one in phrases]
        self._whole = {words: one for words, one in known if words and one.is_whole}
        self._inside = {words: one for words, one in known if words and not one.is_whole}
        longest_first = sorted(self._inside, key=len, reverse=True)
        found = "|".join(re.escape(one) for one in longest_first)
        self._search = re.compile(found) if found else None

    def hits(self, text: str) -> list[Forbidden]:
        """What the text holds, each once, in the order it stands."""
        found: Mapping[int, Forbidden] = {}
        if self._search:
            words = self._search.findall(plain(text))
            found = {self._inside[one].id: self._inside[one] for one in words}
        if self._whole:
            clauses = (plain(one) for one in _ENDS.split(text))
            whole = [self._whole[one] for one in clauses if one in self._whole]
            found = {**found, **{one.id: one for one in whole}}
        return list(found.values())


def gravest(hits: Iterable[Forbidden]) -> str:
    """The gravest of these; empty for none."""
    found = {one.severity for one in hits}
    return next((one for one in (BLOCK, WARN, SUGGEST) if one in found), "")
