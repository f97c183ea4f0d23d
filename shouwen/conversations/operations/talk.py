"""Small things said while talking: what a visitor or an agent sends, and that somebody types."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.conversations.events import Typing
from shouwen.conversations.models import Conversation, Line, Visitor
from shouwen.conversations.operations.lines import NewLine
from shouwen.conversations.operations.visitors import conversation_of_visitor
from shouwen.conversations.refusals import LineRefused
from shouwen.core.bus import publish
from shouwen.core.files import file_of_token

# Lines one visitor may send in a minute; people type slower, robots do not. (V2.4.1)
LINES_A_MINUTE = 60


def visitor_line(
    visitor_id: int, client_id: UUID, text: str, file_tokens: tuple[str, ...], at: datetime
) -> NewLine:
    """What a visitor sends, ready to be written into his live conversation, opened if need be.

    A client id that was used before keeps its conversation, though that one may be closed by now.
    Refuses blocked visitors and floods.
    """
    visitor = Visitor.objects.only("pk", "short_name", "is_blocked").get(pk=visitor_id)
    if visitor.is_blocked:
        raise LineRefused(_("You cannot write here any more."))
    before = Line.objects.filter(client_id=client_id).only("conversation_id").first()
    if before:
        conversation_id = before.conversation_id
    else:
        _check_pace(visitor_id)
        conversation_id = conversation_of_visitor(visitor_id, at=at).pk
    return NewLine(
        conversation_id=conversation_id,
        kind=Line.Kind.CUSTOMER,
        text=text,
        client_id=client_id,
        author_name=visitor.display_name,
        file_ids=files_of_tokens(file_tokens),
    )


def _check_pace(visitor_id: int) -> None:
    key = f"pace:visitor:{visitor_id}"
    cache.add(key, 0, timeout=60)
    try:
        count = cache.incr(key)
    except ValueError:
        return
    if count > LINES_A_MINUTE:
        raise LineRefused(_("You are writing very fast. Please wait a moment."))


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
    mentions = said.get("mentions")
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
        meta={"mentions": [one for one in mentions[:20] if isinstance(one, int)]}
        if is_note and isinstance(mentions, list)
        else {},
        seen_seq=seen if isinstance(seen, int) else None,
    )


@transaction.atomic
def signal_typing(conversation_id: int, by: Staff | None) -> None:
    """The other side is told that somebody types; nothing is kept."""
    if Conversation.objects.filter(pk=conversation_id).exists():
        publish(Typing(conversation_id=conversation_id, by_id=by.pk if by else None))
