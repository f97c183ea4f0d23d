"""The visitor's socket."""

import asyncio
from functools import partial
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.conversations.consumers.feed import Follower, visitor_feed
from shouwen.conversations.consumers.intake import intake
from shouwen.conversations.consumers.wire import (
    NO_SUCH_SITE,
    TOKEN_UNKNOWN,
    TRY_LATER,
    Errands,
    Frame,
    Receive,
    Send,
    Socket,
    in_thread,
    whole_number,
)
from shouwen.conversations.models import Conversation, Line, Visitor
from shouwen.conversations.operations.lines import NewLine, Posted, mark_read
from shouwen.conversations.operations.talk import (
    Said,
    Writer,
    next_visitor_line,
    signal_typing,
    visitor_line,
)
from shouwen.conversations.queries.lines import Changes
from shouwen.conversations.queries.visitors import (
    active_site,
    latest_conversation,
    visitor_at_site,
)
from shouwen.conversations.refusals import LineRefused
from shouwen.core.errors import Refused
from shouwen.core.live import Nudge, hub

HELLO_WITHIN_SECONDS = 15.0


async def serve_visitor(site_key: str, receive: Receive, send: Send) -> None:
    """Serve one visitor's browser until it goes."""
    socket = Socket(receive, send)
    await socket.accept()
    try:
        await VisitorTalk(site_key, socket).run()
    finally:
        await socket.finish()


class VisitorTalk:
    """One browser's side of the talk."""

    __slots__ = (
        "_cursor",
        "_errands",
        "_follower",
        "_name",
        "_queue_topic",
        "_site_key",
        "_socket",
        "_visitor_id",
    )

    def __init__(self, site_key: str, socket: Socket) -> None:
        self._site_key = site_key
        self._socket = socket
        self._visitor_id = 0
        self._name = ""
        self._queue_topic = ""
        self._follower: Follower | None = None
        self._cursor = 0
        self._errands = Errands()

    async def run(self) -> None:
        """Hello first, then frames, until the browser goes."""
        refusal = await self._greet()
        if refusal:
            await self._socket.turn_away(refusal)
            return
        topic = f"visitor:{self._visitor_id}"
        hub.follow(topic, self._on_nudge)
        try:
            while (frames := await self._socket.frames()) is not None:
                for frame in frames:
                    await self._answer(frame)
        finally:
            hub.leave(topic, self._on_nudge)
            self._unfollow()
            self._errands.drop()

    async def _greet(self) -> int:
        """0 if the browser is known, else the code to close with."""
        try:
            async with asyncio.timeout(HELLO_WITHIN_SECONDS):
                frames = await self._socket.frames()
        except TimeoutError:
            return TOKEN_UNKNOWN
        if not frames or frames[0]["type"] != "hello":
            return TOKEN_UNKNOWN
        # Who said hello in time waits as long as it takes: after a restart all come at once.
        token = str(frames[0].get("token", ""))
        try:
            found = await in_thread(_recognise, self._site_key, token)
        except DatabaseError:
            return TRY_LATER
        if isinstance(found, int):
            return found
        visitor, conversation = found
        self._visitor_id, self._name = visitor.pk, visitor.display_name
        self._cursor = whole_number(frames[0].get("after"))
        if conversation:
            self._follow(conversation)
        else:
            self._socket.push({"type": "lines", "lines": [], "cursor": 0, "state": None})
        return 0

    def _follow(self, conversation: Conversation) -> None:
        if self._follower and self._follower.conversation_id == conversation.pk:
            return
        cursor = self._cursor if self._follower is None else 0
        if cursor > conversation.last_rev:
            # The browser remembers an earlier conversation: show this one from its beginning.
            cursor = 0
        self._unfollow()
        self._follower = Follower(conversation.pk, cursor, self._deliver)
        hub.follow(f"conversation:{conversation.pk}", self._on_nudge)
        hub.follow(f"board:queue:{conversation.queue_id}", self._on_nudge)
        self._queue_topic = f"board:queue:{conversation.queue_id}"
        visitor_feed.follow(self._follower)

    def _unfollow(self) -> None:
        if self._follower:
            visitor_feed.leave(self._follower)
            hub.leave(f"conversation:{self._follower.conversation_id}", self._on_nudge)
            hub.leave(self._queue_topic, self._on_nudge)
            self._follower = None

    def _deliver(self, changes: Changes) -> None:
        self._socket.push({"type": "lines", **changes.as_json()})

    def _on_nudge(self, nudge: Nudge) -> None:
        if nudge.topic.startswith("visitor:"):
            self._errands.start(self._look_again())
        elif nudge.topic.startswith("board:") and self._follower:
            if self._follower.last_state.get("status") == "queued":
                visitor_feed.refresh(self._follower.conversation_id)
        elif nudge.name == "typing" and nudge.id:
            handler = (self._follower and self._follower.last_state.get("handler")) or {}
            self._socket.push({"type": "typing", "who": handler.get("name", "")})

    async def _look_again(self) -> None:
        conversation = await in_thread(_latest, self._visitor_id)
        if conversation:
            self._follow(conversation)

    async def _answer(self, frame: Frame) -> None:
        if frame["type"] == "send":
            self._say(frame)
        elif frame["type"] == "ping":
            self._socket.push({"type": "pong"})
        elif frame["type"] == "typing" and self._follower:
            await in_thread(signal_typing, self._follower.conversation_id, None)
        elif frame["type"] == "read" and self._follower:
            await in_thread(_read, self._follower.conversation_id, whole_number(frame.get("seq")))

    def _say(self, frame: Frame) -> None:
        """Into the talk on the screen at once, unless earlier lines took the long way."""
        here, client_id = self._follower, _uuid(frame)
        if here is None or client_id is None or frame.get("files") or self._errands.are_in_order:
            self._errands.start_in_order(self._send(frame))
            return
        said = Said(client_id=client_id, text=str(frame.get("text", "")))
        writer = Writer(self._visitor_id, self._name)
        new = next_visitor_line(writer, here.conversation_id, said)
        intake.give(new, partial(self._answer_said, frame))

    def _answer_said(self, frame: Frame, posted: Posted | None) -> None:
        if posted is None:
            # Not kept: the browser still has it, comes back and sends it again under the same id.
            self._socket.close(TRY_LATER)
        elif posted.line:
            self._acknowledge(frame, posted.line)
        else:
            # The talk may have ended: the long way says where the line goes now, or why not.
            self._errands.start_in_order(self._send(frame))

    async def _send(self, frame: Frame) -> None:
        """The long way: ask the database whose line it is and where it goes."""
        client_id = _uuid(frame)
        try:
            if client_id is None:
                raise LineRefused(_("This message has no valid id."))
            text, files = str(frame.get("text", "")), _texts(frame.get("files"))
            said = Said(client_id=client_id, text=text, file_tokens=files)
            found = await in_thread(visitor_line, self._visitor_id, said, timezone.now())
            posted = await intake.post(found) if isinstance(found, NewLine) else found
            line = posted.kept()
        except Refused as refusal:
            refused = {"type": "refused", "client_id": _id_text(frame), "message": str(refusal)}
            self._socket.push(refused)
            return
        except DatabaseError:
            self._socket.close(TRY_LATER)
            return
        if self._follower is None or self._follower.conversation_id != line.conversation_id:
            await self._look_again()
        self._acknowledge(frame, line)

    def _acknowledge(self, frame: Frame, line: Line) -> None:
        ack = {"type": "ack", "client_id": _id_text(frame), "seq": line.seq, "rev": line.rev}
        self._socket.push(ack)


def _recognise(site_key: str, token: str) -> int | tuple[Visitor, Conversation | None]:
    """Who it is and where he talks, or the code to close with."""
    visitor = visitor_at_site(site_key, token)
    if visitor is None:
        return TOKEN_UNKNOWN if active_site(site_key) else NO_SUCH_SITE
    return visitor, latest_conversation(visitor)


def _latest(visitor_id: int) -> Conversation | None:
    return latest_conversation(Visitor.objects.get(pk=visitor_id))


def _read(conversation_id: int, seq: int) -> None:
    mark_read(conversation_id, seq=seq, by=None)


def _id_text(frame: Frame) -> str:
    return str(frame.get("client_id", ""))


def _uuid(frame: Frame) -> UUID | None:
    try:
        return UUID(_id_text(frame))
    except ValueError:
        return None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value[:9]) if isinstance(value, list) else ()
