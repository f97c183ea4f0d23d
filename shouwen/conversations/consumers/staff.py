"""The staff socket: nudges for every part's screens, and the lines of the conversations on screen."""

import asyncio
import contextlib
from functools import partial

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from shouwen.accounts.models import Staff
from shouwen.conversations.consumers.feed import Follower, staff_feed
from shouwen.conversations.consumers.intake import intake
from shouwen.conversations.consumers.sessions import session_watch, signed_in
from shouwen.conversations.consumers.wire import (
    TOKEN_UNKNOWN,
    TRY_LATER,
    Errands,
    Frame,
    Receive,
    Scope,
    Send,
    Socket,
    cookies_of,
    headers_of,
    in_thread,
    whole_number,
)
from shouwen.conversations.operations.lines import Posted, mark_read
from shouwen.conversations.operations.presence import BEAT
from shouwen.conversations.operations.talk import new_staff_line, signal_typing
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.conversations.queries.lines import Changes
from shouwen.conversations.refusals import LineRefused, NewerAnswer
from shouwen.core.errors import Refused
from shouwen.core.live import Nudge, hub
from shouwen.core.services import beat
from shouwen.mailroom.permissions import MailPermission

BEAT_SECONDS = 20.0
FOLLOW_LIMIT = 20
# Equal nudges within this time are told once more at its end, not each time.
CALM_SECONDS = 0.4


async def serve_staff(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one member of staff's browser until it goes or the session ends."""
    cookies = cookies_of(headers_of(scope))
    session_key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    staff = await in_thread(signed_in, session_key)
    socket = Socket(receive, send)
    await socket.accept()
    if staff is None:
        # Accepted first, so that the page learns that it is signed out and not merely cut off.
        await socket.turn_away(TOKEN_UNKNOWN)
        return
    try:
        wanted = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        await StaffDesk(staff, socket, session_key, language).run()
    finally:
        await socket.finish()


def _topics(staff: Staff) -> list[str]:
    """Whose nudges this person hears: his own, his departments', and the boards'."""
    departments = set(staff.reach_departments().values_list("pk", flat=True))
    if staff.department_id:
        departments.add(staff.department_id)
    departments |= set(staff.queues.values_list("department_id", flat=True))
    return [
        f"staff:{staff.pk}",
        "board:presence",
        "board:health",
        "board:customers",
        *(["board:mailroom"] if staff.may(MailPermission.VIEW) else []),
        *(f"department:{pk}" for pk in departments),
    ]


class StaffDesk:
    """One browser of one member of staff."""

    def __init__(self, staff: Staff, socket: Socket, session_key: str, language: str) -> None:
        self._staff = staff
        self._socket = socket
        self._session_key = session_key
        self._language = language
        self._followers: dict[int, Follower] = {}
        self._errands = Errands()
        # What was told a moment ago, and whether it has been said again since.
        self._told: dict[Nudge, bool] = {}

    async def run(self) -> None:
        """Frames until the browser goes."""
        topics = await in_thread(_topics, self._staff)
        for topic in topics:
            hub.follow(topic, self._on_nudge)
        session_watch.watch(self._session_key, self._doubt_session)
        beating = asyncio.create_task(self._beat())
        try:
            while (frames := await self._socket.frames()) is not None:
                for frame in frames:
                    await self._answer(frame)
        finally:
            beating.cancel()
            session_watch.leave(self._doubt_session)
            for topic in topics:
                hub.leave(topic, self._on_nudge)
            for pk in tuple(self._followers):
                self._unfollow(pk)
            self._errands.drop()

    async def _beat(self) -> None:
        """As long as a browser is open the person is there; see `end_presence_of_the_gone`."""
        while True:
            try:
                await in_thread(_beat, self._staff.pk)
            except DatabaseError:
                self._socket.close(TRY_LATER)
            await asyncio.sleep(BEAT_SECONDS)

    def _on_nudge(self, nudge: Nudge) -> None:
        is_own = nudge.topic == f"staff:{self._staff.pk}"
        if is_own and nudge.name == "signed_out":
            self._doubt_session()
            return
        if nudge.name == "typing":
            if nudge.id != self._staff.pk:
                pk = int(nudge.topic.partition(":")[2])
                self._socket.push({"type": "typing", "conversation": pk, "who": nudge.id})
            return
        if nudge.topic.startswith("conversation:"):
            if nudge.name == "changed":
                self._errands.start(self._look_at_reach(int(nudge.topic.partition(":")[2])))
            return
        self._tell(nudge)
        if is_own and nudge.name == "rights":
            # What may be seen was settled when this socket opened: the browser comes back. (V4.4.3)
            self._socket.close(TRY_LATER)

    def _tell(self, nudge: Nudge) -> None:
        """Told at once; the same again is told when it has been calm for a moment."""
        if nudge in self._told:
            self._told[nudge] = True
            return
        self._told[nudge] = False
        asyncio.get_running_loop().call_later(CALM_SECONDS, self._calmed, nudge)
        self._socket.push({"type": "nudge", **nudge._asdict()})

    def _calmed(self, nudge: Nudge) -> None:
        if self._told.pop(nudge):
            self._tell(nudge)

    def _doubt_session(self) -> None:
        self._errands.start(self._look_at_session())

    async def _look_at_session(self) -> None:
        """A session of this person ended: if it is this one, so does the socket."""
        try:
            is_over = await in_thread(signed_in, self._session_key) is None
        except DatabaseError:
            self._socket.close(TRY_LATER)
            return
        if is_over:
            self._socket.close(TOKEN_UNKNOWN)

    async def _look_at_reach(self, pk: int) -> None:
        """It may have moved to where this person may not look."""
        with contextlib.suppress(DatabaseError):
            if not await in_thread(_may_see, self._staff, pk):
                self._unfollow(pk)

    async def _answer(self, frame: Frame) -> None:
        kind, pk = frame["type"], frame.get("conversation")
        if kind == "ping":
            self._socket.push({"type": "pong"})
            return
        if not isinstance(pk, int):
            return
        try:
            await self._act(kind, pk, frame)
        except DatabaseError:
            self._socket.close(TRY_LATER)

    async def _act(self, kind: str, pk: int, frame: Frame) -> None:
        if kind == "unfollow":
            self._unfollow(pk)
        elif kind == "follow":
            if await in_thread(_may_see, self._staff, pk):
                self._follow(pk, whole_number(frame.get("after")))
        elif pk not in self._followers:
            # Only what is on the screen, and was allowed there, can be acted upon.
            return
        elif kind == "send":
            self._say(pk, frame)
        elif kind == "typing":
            await in_thread(signal_typing, pk, self._staff)
        elif kind == "read":
            await in_thread(_read, pk, whole_number(frame.get("seq")), self._staff)

    def _follow(self, pk: int, after: int) -> None:
        self._unfollow(pk)
        if len(self._followers) >= FOLLOW_LIMIT:
            self._unfollow(next(iter(self._followers)))

        def deliver(changes: Changes) -> None:
            self._socket.push({"type": "lines", "conversation": pk, **changes.as_json()})

        self._followers[pk] = Follower(pk, after, deliver)
        hub.follow(f"conversation:{pk}", self._on_nudge)
        staff_feed.follow(self._followers[pk])

    def _unfollow(self, pk: int) -> None:
        if follower := self._followers.pop(pk, None):
            staff_feed.leave(follower)
            hub.leave(f"conversation:{pk}", self._on_nudge)

    def _say(self, pk: int, frame: Frame) -> None:
        """At once, unless there are files to look up or earlier lines still wait for theirs."""
        if frame.get("files") or self._errands.are_in_order:
            self._errands.start_in_order(self._send(pk, frame))
            return
        client_id = str(frame.get("client_id", ""))
        try:
            new = new_staff_line(self._staff, pk, frame)
        except Refused as refusal:
            self._refuse(pk, client_id, refusal)
            return
        intake.give(new, partial(self._answer_said, pk, client_id))

    async def _send(self, pk: int, frame: Frame) -> None:
        client_id = str(frame.get("client_id", ""))
        try:
            new = await in_thread(new_staff_line, self._staff, pk, frame, language=self._language)
            posted: Posted | None = await intake.post(new)
        except Refused as refusal:
            posted = Posted(refusal=refusal)
        except DatabaseError:
            posted = None
        self._answer_said(pk, client_id, posted)

    def _answer_said(self, pk: int, client_id: str, posted: Posted | None) -> None:
        if posted is None:
            # Not kept: the browser still has it, comes back and sends it again under the same id.
            self._socket.close(TRY_LATER)
        elif posted.line is None:
            self._refuse(pk, client_id, posted.refusal or LineRefused())
        else:
            line = posted.line
            ack = {"type": "ack", "conversation": pk, "client_id": client_id}
            self._socket.push({**ack, "seq": line.seq, "rev": line.rev})

    def _refuse(self, pk: int, client_id: str, refusal: Refused) -> None:
        frame = {"type": "refused", "conversation": pk, "client_id": client_id}
        frame["message"] = str(refusal)
        if isinstance(refusal, NewerAnswer):
            frame["code"] = refusal.code
            staff_feed.refresh(pk)
        self._socket.push(frame)


def _may_see(staff: Staff, pk: int) -> bool:
    return visible_conversations(staff).filter(pk=pk).exists()


def _read(pk: int, seq: int, staff: Staff) -> None:
    mark_read(pk, seq=seq, by=staff)


def _beat(staff_id: int) -> None:
    beat(f"{BEAT}{staff_id}")
