"""Mails that were read a moment ago: what decides and what makes conversations need not read twice."""

import threading
from collections import OrderedDict

from shouwen.mailroom.carriers.email.message import ParsedMail

KEPT_BYTES = 8 * 1024 * 1024


class RecentReadings:
    """The last mails that were read in this process, by their raw key, as many as fit."""

    def __init__(self) -> None:
        self._mails: OrderedDict[str, tuple[ParsedMail, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, raw_key: str) -> ParsedMail | None:
        """The mail, if it was read a moment ago."""
        with self._lock:
            found = self._mails.get(raw_key)
        return found[0] if found else None

    def keep(self, raw_key: str, mail: ParsedMail, *, size: int) -> None:
        """Older ones make room; one that would fill it alone is not kept."""
        if size > KEPT_BYTES // 2:
            return
        with self._lock:
            if raw_key not in self._mails:
                self._mails[raw_key] = (mail, size)
                self._bytes += size
            while self._bytes > KEPT_BYTES:
                self._bytes -= self._mails.popitem(last=False)[1][1]
