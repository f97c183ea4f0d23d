"""Small things said while talking: what a visitor or an agent sends, and that somebody types."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.conversations.events import Typing
from shouwen.conversations.models import Conversation, Line, Visitor
from shouwen.conversations.operations.lines import NewLine, Posted, check_words, post_lines
from shouwen.conversations.operations.visitors import conversation_of_visitor
from shouwen.conversations.refusals import LineRefused, VisitorBlocked
from shouwen.core.bus import publish
from shouwen.core.files import file_of_token
from shouwen.core.pace import is_within_pace

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a visitor sends: his words, the files he sent before, and the id that makes it one line."""

    client_id: UUID
    text: str
    file_tokens: tuple[str, ...] = ()


@dataclass(frozen=True)
class Writer:
    """A visitor at his open socket."""

    visitor_id: int
    name: str


def visitor_line(visitor_id: int, said: Said, at: datetime) -> NewLine | Posted:
    """What a visitor sends, ready to be written with others into his live conversation.

    His first line, which opens the conversation, is written here and now, together with it: no
    conversation is ever empty. A client id that was used before keeps its conversation, though
    that one may be closed by now. Refuses blocked visitors, floods and forged files.
    """
    visitor = Visitor.objects.only("pk", "short_name", "is_blocked").get(pk=visitor_id)
    if visitor.is_blocked:
        raise VisitorBlocked
    own = Line.objects.filter(client_id=said.client_id, conversation__visitor=visitor)
    before = own.only("conversation_id").first()
    if before:
        return _line(visitor, before.conversation_id, said)
    _check_pace(visitor_id, at)
    live = Conversation.objects.live().filter(visitor=visitor).only("pk").first()
    if live:
        return _line(visitor, live.pk, said)
    return _open_with_line(visitor, said, at)


@transaction.atomic
def _open_with_line(visitor: Visitor, said: Said, at: datetime) -> Posted:
    new = _line(visitor, 0, said)
    check_words(new.text, has_files=bool(new.file_ids))
    conversation = conversation_of_visitor(visitor.pk, at=at)
    return post_lines([replace(new, conversation_id=conversation.pk)], at=at)[0]


def _line(visitor: Visitor, conversation_id: int, said: Said) -> NewLine:
    return NewLine(
        conversation_id=conversation_id,
        kind=Line.Kind.CUSTOMER,
        text=said.text,
        client_id=said.client_id,
        author_name=visitor.display_name,
        file_ids=files_of_tokens(said.file_tokens),
    )


def next_visitor_line(writer: Writer, conversation_id: int, said: Said) -> NewLine:
    """What a visitor says in the conversation that is on his screen; asks the database nothing.

    To be written by `post_said`. If that refuses it, `visitor_line` knows better: the conversation
    may have ended, or the line may stand in an earlier one.
    """
    return NewLine(
        conversation_id=conversation_id,
        kind=Line.Kind.CUSTOMER,
        text=said.text,
        client_id=said.client_id,
        visitor_id=writer.visitor_id,
        author_name=writer.name,
    )


def post_said(news: list[NewLine], *, at: datetime) -> list[Posted]:
    """Write what was said on sockets; visitors whom nobody has counted yet keep the pace."""
    hasty = _hasty({new.visitor_id for new in news if new.visitor_id})
    fit = [new for new in news if new.visitor_id not in hasty]
    written = iter(post_lines(fit, at=at))
    posted = [
        Posted(refusal=_too_fast()) if new.visitor_id in hasty else next(written) for new in news
    ]
    for new, one in zip(news, posted, strict=True):
        if new.visitor_id and one.line and not one.is_repeat:
            _count(new.visitor_id)
    return posted


def _hasty(visitor_ids: set[int]) -> set[int]:
    """Who has said all that he may in this minute."""
    counts = cache.get_many([_pace_key(pk) for pk in visitor_ids])
    limit = settings.VISITOR_LINES_A_MINUTE
    return {pk for pk in visitor_ids if counts.get(_pace_key(pk), 0) >= limit}


def _pace_key(visitor_id: int) -> str:
    return f"pace:visitor:{visitor_id}"


def _count(visitor_id: int) -> int:
    """One line more in this minute at this process; how many that makes, 0 if the count was lost."""
    key = _pace_key(visitor_id)
    try:
        return cache.incr(key)
    except ValueError:
        cache.add(key, 1, timeout=MINUTE.total_seconds())
    return 0


def _check_pace(visitor_id: int, at: datetime) -> None:
    """What did not come over an open conversation's socket may reach any process: all count together."""
    limit = settings.VISITOR_LINES_A_MINUTE
    is_hasty = _count(visitor_id) > limit
    if is_hasty or not is_within_pace("lines", visitor_id, limit=limit, window=MINUTE, at=at):
        raise _too_fast()


def _too_fast() -> LineRefused:
    return LineRefused(_("You are writing very fast. Please wait a moment."))


def files_of_tokens(tokens: tuple[str, ...]) -> tuple[int, ...]:
    """The files these signed tokens stand for; refuses a token that is forged or too old."""
    ids = []
    for token in tokens:
        stored = file_of_token(token)
        if stored is None:
            raise LineRefused(_("A file was not found any more. Please add it again."))
        ids.append(stored.pk)
    return tuple(ids)


def new_staff_line(staff: Staff, conversation_id: int, said: dict[str, Any]) -> NewLine:
    """What a member of staff sends by socket or POST, ready to be written. Refuses a bad id."""
    try:
        client_id = UUID(str(said.get("client_id", "")))
    except ValueError:
        raise LineRefused(_("This message has no valid id.")) from None
    files = said.get("files")
    seen = said.get("seen")
    is_note = said.get("kind") == Line.Kind.NOTE
    return NewLine(
        conversation_id=conversation_id,
        kind=Line.Kind.NOTE if is_note else Line.Kind.AGENT,
        text=str(said.get("text", "")),
        client_id=client_id,
        by=staff,
        author_name=staff.name if is_note else staff.public_name,
        file_ids=files_of_tokens(
            tuple(str(one) for one in files[:9]) if isinstance(files, list) else ()
        ),
        meta=_meta(said, is_note=is_note),
        guard_reason=str(said.get("guard_reason", "")),
        seen_seq=seen if isinstance(seen, int) else None,
    )


def _meta(said: dict[str, Any], *, is_note: bool) -> dict[str, Any]:
    """Who is mentioned in a note; which approved answers an answer was taken from. (D578)"""
    name = "mentions" if is_note else "answers"
    given = said.get(name)
    ids = [one for one in given[:20] if _is_id(one)] if isinstance(given, list) else []
    return {name: ids} if ids else {}


def _is_id(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 2**63


@transaction.atomic
def signal_typing(conversation_id: int, by: Staff | None) -> None:
    """The other side is told that somebody types; nothing is kept."""
    if Conversation.objects.filter(pk=conversation_id).exists():
        publish(Typing(conversation_id=conversation_id, by_id=by.pk if by else None))
