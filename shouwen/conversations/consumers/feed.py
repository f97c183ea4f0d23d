"""What is new in the conversations that this process' sockets show, fetched for all of them at once."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from shouwen.conversations.consumers.wire import in_thread
from shouwen.conversations.queries.lines import Changes, changes_of_many
from shouwen.core.live import Nudge, hub

logger = logging.getLogger(__name__)
GATHER_SECONDS = 0.004
PAUSE_AFTER_ERROR_SECONDS = 1.0


@dataclass(eq=False)
class Follower:
    """One screen of one conversation: where it stands and how to reach it."""

    conversation_id: int
    cursor: int
    deliver: Callable[[Changes], None]
    last_state: dict[str, Any] = field(default_factory=dict)


class LineFeed:
    """For one audience (staff or visitors): screens follow conversations and get what they missed."""

    def __init__(self, *, for_staff: bool) -> None:
        self._for_staff = for_staff
        self._followers: dict[int, set[Follower]] = defaultdict(set)
        self._stale: set[int] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def follow(self, follower: Follower) -> None:
        """From now on `follower` gets everything after its cursor, once and in order."""
        pk = follower.conversation_id
        if not self._followers[pk]:
            hub.follow(f"conversation:{pk}", self._on_nudge)
        self._followers[pk].add(follower)
        self.refresh(pk)

    def leave(self, follower: Follower) -> None:
        """The screen is gone."""
        pk = follower.conversation_id
        self._followers[pk].discard(follower)
        if not self._followers[pk]:
            del self._followers[pk]
            hub.leave(f"conversation:{pk}", self._on_nudge)

    def refresh(self, conversation_id: int) -> None:
        """Look soon what is new there."""
        self._stale.add(conversation_id)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        self._wake.set()

    def _on_nudge(self, nudge: Nudge) -> None:
        if nudge.name != "typing":
            self.refresh(int(nudge.topic.partition(":")[2]))

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            stale, self._stale = self._stale, set()
            cursors = {
                pk: min(one.cursor for one in self._followers[pk])
                for pk in stale
                if self._followers.get(pk)
            }
            if cursors and not await self._fetch(cursors):
                await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)
                self._stale |= stale
                self._wake.set()

    async def _fetch(self, cursors: dict[int, int]) -> bool:
        try:
            found = await in_thread(_look, cursors, self._for_staff)
        except DatabaseError as error:
            logger.warning("could not fetch new lines: %s", error)
            return False
        for pk, changes in found.items():
            for follower in tuple(self._followers.get(pk, ())):
                self._hand_over(follower, changes)
            if changes.state and changes.cursor < changes.state["last_rev"]:
                self.refresh(pk)
        return True

    def _hand_over(self, follower: Follower, changes: Changes) -> None:
        lines = [line for line in changes.lines if line["rev"] > follower.cursor]
        if not lines and changes.state == follower.last_state:
            return
        follower.cursor = max(follower.cursor, changes.cursor)
        follower.last_state = changes.state
        follower.deliver(Changes(lines, follower.cursor, changes.state))


def _look(cursors: dict[int, int], for_staff: bool) -> dict[int, Changes]:  # noqa: FBT001 - by thread
    return changes_of_many(cursors, for_staff=for_staff, at=timezone.now())


staff_feed = LineFeed(for_staff=True)
visitor_feed = LineFeed(for_staff=False)
