"""What is new in the conversations that this process' sockets show.

What this process wrote itself is handed over as it was written; all else is fetched, for all screens
at once. Whoever stands at a gap fetches: the database alone says what there is.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from shouwen.conversations.consumers.wire import in_thread
from shouwen.conversations.queries.lines import Changes, changes_of_many
from shouwen.conversations.queries.written import Written, changes_written
from shouwen.core.live import Nudge, hub

logger = logging.getLogger(__name__)
GATHER_SECONDS = 0.004
PAUSE_AFTER_ERROR_SECONDS = 1.0
WHATEVER_IT_IS = 2**31


class Follower:
    """One screen of one conversation: where it stands and how to reach it."""

    __slots__ = ("conversation_id", "cursor", "deliver", "seen")

    def __init__(
        self, conversation_id: int, cursor: int, deliver: Callable[[Changes], None]
    ) -> None:
        self.conversation_id = conversation_id
        self.cursor = cursor
        self.deliver = deliver
        # What it was given last, without the lines; None before the first answer.
        self.seen: Changes | None = None

    @property
    def last_state(self) -> dict[str, Any]:
        """How the conversation stands on this screen."""
        return self.seen.state if self.seen else {}

    def has_seen(self, rev: int) -> bool:
        """Whether both the lines and the state it shows are of this change or later."""
        return self.cursor >= rev and self.last_state.get("last_rev", 0) >= rev

    def take(self, changes: Changes) -> None:
        """Give the screen what lies after its cursor, if that or the state is new to it."""
        lines = [line for line in changes.lines if line["rev"] > self.cursor]
        if not lines and changes.state == self.last_state:
            return
        self.cursor = max(self.cursor, changes.cursor)
        self.seen = Changes([], self.cursor, changes.state, changes.standing)
        self.deliver(Changes(lines, self.cursor, changes.state))


class LineFeed:
    """For one audience (staff or visitors): screens follow conversations and get what they missed."""

    def __init__(self, *, for_staff: bool) -> None:
        self._for_staff = for_staff
        self._followers: dict[int, set[Follower]] = {}
        # Conversations to look at, and the change that screens must have seen to need no look.
        self._stale: dict[int, int] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def follow(self, follower: Follower) -> None:
        """From now on `follower` gets everything after its cursor, once and in order."""
        pk = follower.conversation_id
        if pk not in self._followers:
            self._followers[pk] = set()
            hub.follow(f"conversation:{pk}", self._on_nudge)
        self._followers[pk].add(follower)
        self.refresh(pk)

    def leave(self, follower: Follower) -> None:
        """The screen is gone."""
        pk = follower.conversation_id
        followers = self._followers.get(pk, set())
        followers.discard(follower)
        if not followers and self._followers.pop(pk, None) is not None:
            hub.leave(f"conversation:{pk}", self._on_nudge)

    def refresh(self, conversation_id: int, *, rev: int = WHATEVER_IT_IS) -> None:
        """Look soon what is new there, unless all screens there have seen change `rev`."""
        self._stale[conversation_id] = max(rev, self._stale.get(conversation_id, 0))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        self._wake.set()

    def hand_over(self, all_written: Iterable[Written]) -> None:
        """Lines that this process has just committed; screens that stand right before them get them."""
        for written in all_written:
            followers = self._followers.get(written.conversation.pk)
            if followers:
                self._hand_over_one(written, followers)

    def _hand_over_one(self, written: Written, followers: set[Follower]) -> None:
        for follower in tuple(followers):
            changes = None
            if follower.seen and follower.cursor == written.before_rev:
                changes = changes_written(written, follower.seen, for_staff=self._for_staff)
            if changes:
                follower.take(changes)
            elif not follower.has_seen(written.rev):
                self.refresh(follower.conversation_id, rev=written.rev)

    def _on_nudge(self, nudge: Nudge) -> None:
        if nudge.name == "typing":
            return
        # Of new lines the nudge names the change: it is no news to whom they were handed over.
        pk = int(nudge.topic.partition(":")[2])
        if nudge.name != "lines" or self._is_behind(pk, nudge.id):
            self.refresh(pk, rev=nudge.id if nudge.name == "lines" else WHATEVER_IT_IS)

    def _is_behind(self, pk: int, rev: int) -> bool:
        return any(not one.has_seen(rev) for one in self._followers.get(pk, ()))

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            stale, self._stale = self._stale, {}
            cursors = {
                pk: min(one.cursor for one in self._followers[pk])
                for pk, rev in stale.items()
                if self._is_behind(pk, rev)
            }
            if cursors and not await self._fetch(cursors):
                await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)
                for pk, rev in stale.items():
                    self.refresh(pk, rev=rev)

    async def _fetch(self, cursors: dict[int, int]) -> bool:
        try:
            found = await in_thread(_look, cursors, self._for_staff)
        except DatabaseError as error:
            logger.warning("could not fetch new lines: %s", error)
            return False
        for pk, changes in found.items():
            for follower in tuple(self._followers.get(pk, ())):
                if follower.cursor <= changes.cursor:
                    follower.take(changes)
                else:
                    # It was handed newer lines meanwhile, and this state is an old one.
                    self.refresh(pk)
            if _is_half(changes, after=cursors[pk]):
                self.refresh(pk)
        return True


def _is_half(changes: Changes, *, after: int) -> bool:
    """A page of more, or lines that came while the state was read already."""
    last = changes.state.get("last_rev", changes.cursor)
    return bool(changes.cursor < last or last < changes.cursor != after)


def _look(cursors: dict[int, int], for_staff: bool) -> dict[int, Changes]:  # noqa: FBT001 - by thread
    return changes_of_many(cursors, for_staff=for_staff, at=timezone.now())


staff_feed = LineFeed(for_staff=True)
visitor_feed = LineFeed(for_staff=False)
