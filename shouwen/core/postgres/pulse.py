"""Whether the database answers: asked all the time, on a connection of its own.

A server that died refuses connections; one that hangs says nothing at all, and every thread that
asks it something waits with it. The pulse tells both within a few seconds, and then nobody waits.
"""

import logging
import threading
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

logger = logging.getLogger(__name__)
T = TypeVar("T")

# What anybody waits at most is these three together; five seconds are promised. (F5)
ASKED_EVERY_SECONDS = 0.5
ANSWERS_WITHIN_SECONDS = 2.5
LOOKS_EVERY_SECONDS = 0.5
# psycopg gives a server two seconds to take a connection, or more.
CONNECTS_WITHIN_SECONDS = 2
ASKED_EVERY_SECONDS_WHILE_AWAY = 0.25


class DatabaseSilent(psycopg.OperationalError):
    """The database does not answer anybody now."""


class _Probe(psycopg.Connection[tuple[Any, ...]]):
    """A connection on which nothing may take long."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        return super().wait(gen, interval, timeout or ANSWERS_WITHIN_SECONDS)


class Pulse:
    """One a process; without `start` the database is taken to answer."""

    def __init__(self) -> None:
        self.is_running = False
        self.is_away = False
        self._probe: _Probe | None = None
        self._stop = threading.Event()

    def start(self, parameters: dict[str, Any]) -> None:
        """Ask from now on, in a thread, until the process ends."""
        self.is_running = True
        self._stop.clear()
        thread = threading.Thread(
            target=self._ask_always, args=(parameters,), name="database-pulse", daemon=True
        )
        thread.start()

    def stop(self) -> None:
        """Nobody asks any more."""
        self._stop.set()
        self.is_running = self.is_away = False

    def _ask_always(self, parameters: dict[str, Any]) -> None:
        while not self._stop.is_set():
            self._note(is_away=not self._answers(parameters))
            self._stop.wait(ASKED_EVERY_SECONDS_WHILE_AWAY if self.is_away else ASKED_EVERY_SECONDS)
        self._hang_up()

    def _note(self, *, is_away: bool) -> None:
        if is_away != self.is_away and not self._stop.is_set():
            logger.warning("the database is away" if is_away else "the database is back")
            self.is_away = is_away

    def _answers(self, parameters: dict[str, Any]) -> bool:
        """Losing one connection is not losing the server: then a second try, on a new one. After a
        silence there is none: it would be as silent, and everybody would wait for it too.
        """
        begun = time.monotonic()
        if self._ask(parameters):
            return True
        was_silent = time.monotonic() - begun >= CONNECTS_WITHIN_SECONDS
        return not was_silent and self._ask(parameters)

    def _ask(self, parameters: dict[str, Any]) -> bool:
        try:
            if self._probe is None:
                self._probe = _Probe.connect(
                    **parameters | {"connect_timeout": CONNECTS_WITHIN_SECONDS}, autocommit=True
                )
            self._probe.execute("SELECT 1")
        except (psycopg.Error, OSError):
            self._hang_up()
            return False
        return True

    def _hang_up(self) -> None:
        if self._probe is not None:
            self._probe.close()
            self._probe = None


pulse = Pulse()


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that gives up waiting when the database answers nobody any more."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        if not pulse.is_running:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(_while_there(gen), LOOKS_EVERY_SECONDS, timeout)
        except DatabaseSilent:
            # Whatever was asked stays unanswered: nothing more can be said on this connection.
            self.close()
            raise


def _while_there(gen: PQGen[T]) -> Generator[Any, Any, T]:
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and pulse.is_away:
                raise DatabaseSilent("the database does not answer")
            wanted = gen.send(ready)
    except StopIteration as stop:
        result: T = stop.value
        return result
