"""Writing lines. Lines that arrive together are written together: one transaction, one event."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwen.accounts.models import Staff
from shouwen.conversations.events import LineRecalled, LinesPosted, LinesRead, PostedLine
from shouwen.conversations.models import Conversation, Line, LinePiece
from shouwen.conversations.operations.linerows import insert_lines, update_counted
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.refusals import (
    ConversationIsClosed,
    LineRefused,
    NewerAnswer,
    NotTheHandler,
    RecallTooLate,
    VisitorBlocked,
)
from shouwen.conversations.workflow import RECALL_SECONDS
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere, Refused
from shouwen.core.search import index_text, pieces
from shouwen.knowledge.operations import guard_words

PREVIEW_LENGTH = 100
# Where an agent's line itself reaches the customer, and not a note of what was said.
GUARDED = {Conversation.Channel.CHAT, Conversation.Channel.MAIL}
AUTHOR_NAME_LENGTH = 120


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """A line somebody wants to say.

    `seen_seq` is the last line on an agent's screen: if a colleague has answered after it, the
    line is refused once so that the agent can look. `visitor_id` says whose browser it came from,
    where nobody has asked the database yet whether he may write.
    """

    conversation_id: int
    kind: str
    text: str
    client_id: UUID | None = None
    by: Staff | None = None
    visitor_id: int | None = None
    author_name: str = ""
    file_ids: tuple[int, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    seen_seq: int | None = None
    # Why words that the phrase guard warns of go out after all.
    guard_reason: str = ""


@dataclass(frozen=True)
class Posted:
    """What became of a new line: written now, written before under the same id, or refused."""

    line: Line | None = None
    is_repeat: bool = False
    refusal: Refused | None = None

    def kept(self) -> Line:
        """The line; raises its refusal."""
        if self.line is None:
            raise self.refusal or LineRefused
        return self.line


@transaction.atomic
def post_lines(news: list[NewLine], *, at: datetime) -> list[Posted]:
    """Write lines into their conversations, in the order given; one result for each.

    A client id that is known gives the line it gave before: nothing is said twice. What is refused
    does not hinder the others. One event for all. (F1, F10; duty D222: received equals registered.)
    """
    news = [_storable(new) for new in news]
    conversations, blocked = _locked({new.conversation_id for new in news})
    known = _known({new.client_id for new in news if new.client_id})
    results: list[Posted] = []
    written: list[tuple[NewLine, Line]] = []
    for new in news:
        if new.visitor_id in blocked:
            result = Posted(refusal=VisitorBlocked())
        else:
            result = _take(new, conversations, known, at)
        results.append(result)
        if result.line and not result.is_repeat:
            written.append((new, result.line))
            if new.client_id:
                known[new.client_id] = result.line
    if written:
        lines = [line for _new, line in written]
        insert_lines(lines)
        _write_more(written)
        update_counted([conversations[id_] for id_ in {li.conversation_id for li in lines}])
        publish(LinesPosted(lines=[_posted_line(line) for line in lines]))
    return results


def post_line(new: NewLine, *, at: datetime) -> Line:
    """Write one line; raises its refusal. A repeated client id returns the line it gave before."""
    return post_lines([new], at=at)[0].kept()


def _storable(new: NewLine) -> NewLine:
    """The line without what no database keeps: NUL and halves of characters."""
    name = _plain(new.author_name)[:AUTHOR_NAME_LENGTH]
    text, meta = _plain(new.text), _plain_json(new.meta)
    if (name, text, meta) == (new.author_name, new.text, new.meta):
        return new
    return replace(new, text=text, author_name=name, meta=meta)


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _plain_json(value: Any) -> Any:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list):
        return [_plain_json(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain_json(one) for key, one in value.items()}
    return value


def _locked(ids: set[int]) -> tuple[dict[int, Conversation], set[int | None]]:
    """The conversations, locked, and those of their visitors who may not write any more."""
    rows = (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=ids)
        .annotate(is_blocked=F("visitor__is_blocked"))
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    blocked = {row.visitor_id for row in rows if getattr(row, "is_blocked", False)}
    return found, blocked


def _known(client_ids: set[UUID]) -> dict[UUID, Line]:
    if not client_ids:
        return {}
    return {
        line.client_id: line
        for line in Line.objects.filter(client_id__in=client_ids).defer("search")
        if line.client_id
    }


def _take(
    new: NewLine, conversations: dict[int, Conversation], known: dict[UUID, Line], at: datetime
) -> Posted:
    if new.client_id and (before := known.get(new.client_id)):
        is_own = new.by is not None and before.author_id == new.by.pk
        if before.conversation_id != new.conversation_id and not is_own:
            return Posted(refusal=LineRefused(_("This message was already sent elsewhere.")))
        return Posted(line=before, is_repeat=True)
    conversation = conversations.get(new.conversation_id)
    if conversation is None:
        return Posted(refusal=NotThere())
    try:
        _check(new, conversation)
    except Refused as refusal:
        return Posted(refusal=refusal)
    return Posted(line=next_line(conversation, new, at=at))


def _check(new: NewLine, conversation: Conversation) -> None:
    is_mail = conversation.channel == Conversation.Channel.MAIL
    check_words(new.text, has_files=bool(new.file_ids), is_long=is_mail)
    if new.kind == Line.Kind.NOTE:
        return
    if conversation.is_closed:
        raise ConversationIsClosed(conversation.number)
    if new.kind == Line.Kind.AGENT and new.by:
        _check_agent(new, conversation, new.by)


def check_words(text: str, *, has_files: bool, is_long: bool = False) -> None:
    """Refuses a line that says nothing, and one over the limit unless it may be long (mail)."""
    if not text.strip() and not has_files:
        raise LineRefused(_("An empty message was not sent."))
    limit = settings.LINE_LENGTH_LIMIT
    if len(text) > limit and not is_long:
        raise LineRefused(
            ngettext(
                "A message may have at most %d character. Please shorten it or send a file.",
                "A message may have at most %d characters. Please shorten it or send a file.",
                limit,
            )
            % limit
        )


def _check_agent(new: NewLine, conversation: Conversation, by: Staff) -> None:
    is_handler = conversation.handler_id == by.pk
    if not is_handler and not by.may(ConversationPermission.SUPERVISE):
        raise NotTheHandler
    if conversation.channel in GUARDED:
        guard_words(
            new.text,
            conversation_id=conversation.pk,
            department_id=conversation.department_id,
            reason=new.guard_reason,
            by=by,
        )
    if new.seen_seq is None or new.seen_seq >= conversation.last_seq:
        return
    other = (
        Line.objects.filter(conversation=conversation, seq__gt=new.seen_seq, kind=Line.Kind.AGENT)
        .exclude(author=by)
        .order_by("-seq")
        .first()
    )
    if other:
        raise NewerAnswer(other.author_name)


def next_line(conversation: Conversation, new: NewLine, *, at: datetime) -> Line:
    """The line in its place, not yet saved; `conversation`, locked, counts it in memory."""
    conversation.last_seq += 1
    conversation.last_rev += 1
    conversation.last_line_at = at
    if new.kind != Line.Kind.NOTE:
        conversation.last_line_text = _preview(new)
    _move(conversation, new, at)
    return Line(
        conversation=conversation,
        seq=conversation.last_seq,
        rev=conversation.last_rev,
        kind=new.kind,
        author=new.by,
        author_name=new.author_name or (new.by.public_name if new.by else ""),
        text=new.text,
        client_id=new.client_id,
        at=at,
        has_files=bool(new.file_ids),
        meta=new.meta,
        search=index_text(pieces(new.text)[0]),
    )


def _preview(new: NewLine) -> str:
    words = " ".join(new.text.split())[:PREVIEW_LENGTH]
    return words or _("[file]")


def _move(conversation: Conversation, new: NewLine, at: datetime) -> None:
    """What a line means for the clock and the state."""
    if new.kind == Line.Kind.CUSTOMER:
        conversation.waiting_since = conversation.waiting_since or at
        conversation.customer_read_seq = conversation.last_seq
    elif new.kind == Line.Kind.AGENT:
        conversation.waiting_since = None
        conversation.first_answered_at = conversation.first_answered_at or at
        conversation.staff_read_seq = conversation.last_seq
        conversation.outcome = Conversation.Outcome.ANSWERED
        if conversation.state == Conversation.State.MESSAGE:
            conversation.state = Conversation.State.OPEN
            conversation.claimed_at = conversation.claimed_at or at


def _write_more(written: list[tuple[NewLine, Line]]) -> None:
    """What few lines have: files, and the further pieces of a very long text."""
    links = [
        Line.files.through(line_id=line.pk, storedfile_id=file_id)
        for new, line in written
        for file_id in new.file_ids
    ]
    if links:
        Line.files.through.objects.bulk_create(links)
    more = [
        LinePiece(line=line, search=index_text(piece))
        for _new, line in written
        for piece in pieces(line.text)[1:]
    ]
    if more:
        LinePiece.objects.bulk_create(more)


def _posted_line(line: Line) -> PostedLine:
    conversation = line.conversation
    return PostedLine(
        line_id=line.pk,
        conversation_id=conversation.pk,
        seq=line.seq,
        rev=line.rev,
        kind=line.kind,
        channel=conversation.channel,
        author_id=line.author_id,
        handler_id=conversation.handler_id,
        department_id=conversation.department_id,
        mentions=line.meta.get("mentions", []),
        has_clock=conversation.reply_due_at is not None,
        answers=line.meta.get("answers", []),
    )


def add_system_line(conversation: Conversation, text: str, *, code: str, at: datetime) -> None:
    """Write down what happened inside the talk; `conversation` must be locked and is saved."""
    new = NewLine(
        conversation_id=conversation.pk,
        kind=Line.Kind.SYSTEM,
        text=text,
        meta={"code": code},
    )
    preview, moment = conversation.last_line_text, conversation.last_line_at
    line = next_line(conversation, new, at=at)
    line.save(force_insert=True)
    if conversation.last_seq > 1:
        conversation.last_line_text, conversation.last_line_at = preview, moment
    conversation.save(update_fields=["last_seq", "last_rev", "last_line_at", "last_line_text"])


@transaction.atomic
def recall_line(line_id: int, *, by: Staff, at: datetime) -> Line:
    """The line is taken back on every screen; its words stay in the books for those who may see them.

    Refuses after two minutes, lines of others, and mail (it has left the house).
    """
    line = Line.objects.select_related("conversation").get(pk=line_id)
    conversations, _blocked = _locked({line.conversation_id})
    conversation = conversations[line.conversation_id]
    is_late = (at - line.at).total_seconds() > RECALL_SECONDS
    has_left = conversation.channel == Conversation.Channel.MAIL and line.kind == Line.Kind.AGENT
    if line.author_id != by.pk or is_late or has_left:
        raise RecallTooLate
    if line.recalled_at:
        return line
    conversation.last_rev += 1
    line.recalled_at = at
    line.rev = conversation.last_rev
    line.save(update_fields=["recalled_at", "rev"])
    said = conversation.lines.exclude(kind__in=[Line.Kind.NOTE, Line.Kind.SYSTEM])
    if not said.filter(seq__gt=line.seq).exists() and line.kind != Line.Kind.NOTE:
        conversation.last_line_text = _("A message was recalled.")
    conversation.save(update_fields=["last_rev", "last_line_text", "updated_at"])
    publish(
        LineRecalled(
            conversation_id=conversation.pk,
            queue_id=conversation.queue_id,
            department_id=conversation.department_id,
            line_id=line.pk,
            by_id=by.pk,
        )
    )
    return line


@transaction.atomic
def mark_read(conversation_id: int, *, seq: int, by: Staff | None) -> None:
    """Staff (`by`) or the customer (`by=None`) have read up to `seq`; a mark never goes back."""
    column = "staff_read_seq" if by else "customer_read_seq"
    changed = Conversation.objects.filter(
        pk=conversation_id, last_seq__gte=seq, **{f"{column}__lt": seq}
    ).update(**{column: seq})
    if changed:
        publish(
            LinesRead(
                conversation_id=conversation_id,
                by_customer=by is None,
                seq=seq,
                by_id=by.pk if by else None,
            )
        )
