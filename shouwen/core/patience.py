"""Callers who begin a request and do not end it: their connections are closed, others need the room."""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# The head of a request fits one packet or a few; a body may be a long video on a bad line.
HEAD_SECONDS = 15.0
BODY_SECONDS = 300.0


class Patience:
    """Since when each connection keeps us waiting, and for what."""

    def __init__(self) -> None:
        self._since: WeakKeyDictionary[object, tuple[str, float]] = WeakKeyDictionary()

    def end_with(self, connections: Iterable[object], *, at: float) -> None:
        """Close those that have kept us waiting too long; `at` are seconds of a steady clock."""
        for one in tuple(connections):
            if isinstance(one, HttpToolsProtocol):
                self._look(one, at)

    def _look(self, one: HttpToolsProtocol, at: float) -> None:
        waits_for = _waits_for(one)
        known, since = self._since.get(one, ("", at))
        if waits_for != known:
            self._since[one] = (waits_for, at)
        elif waits_for and at - since > (HEAD_SECONDS if waits_for == "head" else BODY_SECONDS):
            one.transport.close()


def _waits_for(one: HttpToolsProtocol) -> str:
    is_idle = one.cycle is None or one.cycle.response_complete
    if is_idle:
        # Between two requests the library counts by itself.
        return "" if one.timeout_keep_alive_task else "head"
    return "body" if one.cycle.more_body else ""
