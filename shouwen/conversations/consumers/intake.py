"""Lines that arrive together are written together: while one group commits, the next gathers."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.conversations.consumers.feed import staff_feed, visitor_feed
from shouwen.conversations.consumers.wire import DatabaseThread, in_thread
from shouwen.conversations.operations.lines import NewLine, Posted
from shouwen.conversations.operations.talk import post_said
from shouwen.conversations.queries.written import written_together
from shouwen.conversations.refusals import LineRefused
from shouwen.core.live import Nudge, hub, nudges_held, tell_others
from shouwen.core.room import require_room_for_work

logger = logging.getLogger(__name__)
GROUP_LIMIT = 200
LINGER_SECONDS = 0.05
# Called in the event loop with what became of the line; None: it could not be kept.
Answer = Callable[[Posted | None], None]
Waiting = tuple[NewLine, Answer]


class LineIntake:
    """One a process. Answers come after the commit, never before."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread = DatabaseThread("line-intake")
        self._herald = Herald()

    def give(self, new: NewLine, answer: Answer) -> None:
        """Have the line written after those given before."""
        self._waiting.append((new, answer))
        self._arrived.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def post(self, new: NewLine) -> Posted:
        """What became of the line, once it is safe; raises DatabaseError if it could not be kept."""
        future: asyncio.Future[Posted | None] = asyncio.get_running_loop().create_future()
        self.give(new, lambda posted: None if future.done() else future.set_result(posted))
        if (posted := await future) is None:
            raise DatabaseError("the line could not be kept")
        return posted

    async def _work(self) -> None:
        while await self._has_more():
            group, self._waiting = self._waiting[:GROUP_LIMIT], self._waiting[GROUP_LIMIT:]
            await self._write(group)

    async def _has_more(self) -> bool:
        """Whether a line waits; the connection is kept for a moment, then given back."""
        if not self._waiting:
            self._arrived.clear()
            try:
                async with asyncio.timeout(LINGER_SECONDS):
                    await self._arrived.wait()
            except TimeoutError:
                await self._thread.rest()
        return bool(self._waiting)

    async def _write(self, group: list[Waiting]) -> None:
        try:
            results, nudges = await self._thread.run(_write, [new for new, _answer in group])
        except Exception as error:  # noqa: BLE001 - whoever waits must not wait for ever
            logger.warning("a group of %d lines could not be kept: %s", len(group), error)
            _answer_all(group, [None] * len(group))
            return
        _answer_all(group, results)
        _show(results)
        hub.deliver_all(nudges)
        self._herald.tell(nudges)


def _answer_all(group: list[Waiting], results: Sequence[Posted | None]) -> None:
    for (_new, answer), posted in zip(group, results, strict=True):
        try:
            answer(posted)
        except Exception:
            logger.exception("somebody could not be told what became of his line")


def _show(results: list[Posted]) -> None:
    """The screens of this process get the lines as they were written."""
    written = written_together(one.line for one in results if one.line and not one.is_repeat)
    try:
        staff_feed.hand_over(written)
        visitor_feed.hand_over(written)
    except Exception:
        # They are in the books, and the nudges that follow let every screen fetch them.
        logger.exception("lines could not be handed over")


class Herald:
    """Tells the other processes of what this one wrote, while the next group is being written."""

    def __init__(self) -> None:
        self._waiting: list[Nudge] = []
        self._task: asyncio.Task[None] | None = None

    def tell(self, nudges: list[Nudge]) -> None:
        """Soon, and equal ones once."""
        self._waiting += nudges
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self._waiting:
            nudges, self._waiting = list(dict.fromkeys(self._waiting)), []
            try:
                await in_thread(tell_others, nudges)
            except Exception as error:  # noqa: BLE001 - as after every commit: they catch up at the next
                logger.warning("%d nudges could not be told: %s", len(nudges), error)


def _write(news: list[NewLine]) -> tuple[list[Posted], list[Nudge]]:
    with nudges_held() as nudges:
        return write_group(news), nudges


def write_group(news: list[NewLine]) -> list[Posted]:
    """Write a group; one by one if another process wrote one of its client ids a moment ago, or
    if one of them cannot be kept at all: it alone is refused.
    """
    require_room_for_work()
    at = timezone.now()
    try:
        return post_said(news, at=at)
    except (IntegrityError, DataError, ValueError, TypeError):
        return [_write_one(new, at) for new in news]


def _write_one(new: NewLine, at: datetime) -> Posted:
    try:
        return post_said([new], at=at)[0]
    except (DataError, ValueError, TypeError):
        logger.exception("a line could not be kept")
        return Posted(refusal=LineRefused(_("This message cannot be sent as it is.")))


intake = LineIntake()
