"""Lines that arrive together are written together: while one group commits, the next gathers."""

import asyncio
import logging
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.conversations.consumers.wire import in_thread
from shouwen.conversations.operations.lines import NewLine, Posted, post_lines
from shouwen.conversations.refusals import LineRefused

logger = logging.getLogger(__name__)
GROUP_LIMIT = 200


class LineIntake:
    """One a process. `post` returns after the commit, never before."""

    def __init__(self) -> None:
        self._waiting: list[tuple[NewLine, asyncio.Future[Posted]]] = []
        self._task: asyncio.Task[None] | None = None

    async def post(self, new: NewLine) -> Posted:
        """What became of the line, once it is safe; raises DatabaseError if it could not be kept."""
        future: asyncio.Future[Posted] = asyncio.get_running_loop().create_future()
        self._waiting.append((new, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_LIMIT], self._waiting[GROUP_LIMIT:]
            try:
                results = await in_thread(write_group, [new for new, _future in group])
            except Exception as error:  # noqa: BLE001 - whoever waits must not wait for ever
                logger.warning("a group of %d lines could not be kept: %s", len(group), error)
                if not isinstance(error, DatabaseError):
                    error = DatabaseError(str(error))
                for _new, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_new, future), posted in zip(group, results, strict=True):
                if not future.done():
                    future.set_result(posted)


def write_group(news: list[NewLine]) -> list[Posted]:
    """Write a group; one by one if another process wrote one of its client ids a moment ago, or
    if one of them cannot be kept at all: it alone is refused.
    """
    at = timezone.now()
    try:
        return post_lines(news, at=at)
    except (IntegrityError, DataError, ValueError):
        return [_write_one(new, at) for new in news]


def _write_one(new: NewLine, at: datetime) -> Posted:
    try:
        return post_lines([new], at=at)[0]
    except (DataError, ValueError):
        logger.exception("a line could not be kept")
        return Posted(refusal=LineRefused(_("This message cannot be sent as it is.")))


intake = LineIntake()
