"""Lines and states as they go to the screens: the same for socket and polling, visitor and staff."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from shouwen.accounts.models import PresenceState
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.core.files import file_url
from shouwen.core.models import StoredFile

PAGE = 200
Json = dict[str, Any]
State = Conversation.State


@dataclass
class Changes:
    """What one screen has missed: lines in the order of their change, where it now stands, the state."""

    lines: list[Json] = field(default_factory=list)
    cursor: int = 0
    state: Json = field(default_factory=dict)
    # What the names in the state stand for (see `standing_of`); not told to screens.
    standing: tuple[object, ...] = ()

    def as_json(self) -> Json:
        return {"lines": self.lines, "cursor": self.cursor, "state": self.state}


def file_json(stored: StoredFile) -> Json:
    """A file as the screens need it; the address opens for a day."""
    return {
        "id": stored.pk,
        "url": file_url(stored),
        "name": stored.name,
        "kind": stored.kind,
        "size": stored.size,
        "width": stored.width,
        "height": stored.height,
        "content_type": stored.content_type,
    }


def _files_of(lines: Iterable[Line]) -> dict[int, list[Json]]:
    with_files = [line.pk for line in lines if line.has_files and not line.recalled_at]
    files: dict[int, list[Json]] = defaultdict(list)
    if with_files:
        links = (
            Line.files.through.objects.filter(line_id__in=with_files)
            .select_related("storedfile")
            .order_by("pk")
        )
        for link in links:
            files[link.line_id].append(file_json(link.storedfile))
    return files


def lines_json(lines: list[Line], *, for_staff: bool) -> list[Json]:
    """Lines as both sides' screens show them; two queries at most."""
    files = _files_of(lines)
    return [_line_json(line, files[line.pk], for_staff=for_staff) for line in lines]


def _line_json(line: Line, files: list[Json], *, for_staff: bool) -> Json:
    is_recalled = line.recalled_at is not None
    shown: Json = {
        "seq": line.seq,
        "rev": line.rev,
        "kind": line.kind,
        "author": {"id": line.author_id if for_staff else None, "name": line.author_name},
        "text": "" if is_recalled else line.text,
        "at": line.at.isoformat(),
        "files": files,
        "recalled": is_recalled,
        "client_id": str(line.client_id) if line.client_id else "",
        "meta": line.meta if for_staff else _public_meta(line.meta),
    }
    if for_staff:
        shown["id"] = line.pk
    return shown


def _public_meta(meta: Mapping[str, Any]) -> Json:
    return {key: meta[key] for key in ("code",) if key in meta}


def changes_of(conversation: Conversation, *, after: int, for_staff: bool, at: datetime) -> Changes:
    """What changed in one conversation after `after`, at most a page, and its state."""
    found = changes_of_many({conversation.pk: after}, for_staff=for_staff, at=at)
    return found[conversation.pk]


def changes_of_many(
    cursors: Mapping[int, int], *, for_staff: bool, at: datetime
) -> dict[int, Changes]:
    """What changed in many conversations, each after its own cursor. A handful of queries for all.

    A conversation that changed more than a page since gets the first page; ask again from its
    cursor until it equals the state's `last_rev`.
    """
    conversations = {
        one.pk: one
        for one in Conversation.objects.filter(pk__in=cursors).select_related(
            "queue", "handler", "first_responder", "visitor__site"
        )
    }
    after = Q()
    for pk, cursor in cursors.items():
        if pk in conversations and conversations[pk].last_rev > cursor:
            after |= Q(conversation_id=pk, rev__gt=cursor)
    rows: list[Line] = []
    if after:
        limit = PAGE * max(1, len(cursors))
        rows = list(Line.objects.filter(after).defer("search").order_by("rev")[:limit])
    states = states_of(conversations.values(), for_staff=for_staff, at=at)
    by_conversation: dict[int, list[Line]] = defaultdict(list)
    for row in rows:
        if len(by_conversation[row.conversation_id]) < PAGE:
            by_conversation[row.conversation_id].append(row)
    shown = [
        line
        for lines in by_conversation.values()
        for line in lines
        if for_staff or line.kind != Line.Kind.NOTE
    ]
    json_of = dict(
        zip([one.pk for one in shown], lines_json(shown, for_staff=for_staff), strict=True)
    )
    found: dict[int, Changes] = {}
    for pk, cursor in cursors.items():
        lines = by_conversation.get(pk, [])
        found[pk] = Changes(
            lines=[json_of[line.pk] for line in lines if line.pk in json_of],
            cursor=lines[-1].rev if lines else cursor,
            state=states.get(pk, {}),
            standing=standing_of(conversations[pk]) if pk in conversations else (),
        )
    return found


def standing_of(one: Conversation) -> tuple[object, ...]:
    """What of a conversation its state shows by other rows: who serves, where, and how far it is."""
    return (one.state, one.handler_id, one.first_responder_id, one.queue_id)


def counters_of(one: Conversation, *, for_staff: bool) -> Json:
    """The part of the state that new lines move."""
    own, other = one.staff_read_seq, one.customer_read_seq
    counters: Json = {
        "read_seq": other if for_staff else own,
        "my_read_seq": own if for_staff else other,
        "last_seq": one.last_seq,
        "last_rev": one.last_rev,
    }
    if for_staff:
        counters["waiting_since"] = one.waiting_since.isoformat() if one.waiting_since else None
    return counters


def states_of(
    conversations: Iterable[Conversation], *, for_staff: bool, at: datetime
) -> dict[int, Json]:
    """The state of each conversation as its screens show it."""
    rows = list(conversations)
    if for_staff:
        return {one.pk: _staff_state(one) for one in rows}
    waiting = _places([one for one in rows if one.state == State.QUEUED], at=at)
    return {one.pk: _visitor_state(one, waiting.get(one.pk)) for one in rows}


def _staff_state(one: Conversation) -> Json:
    return {
        "status": one.state,
        "channel": one.channel,
        "handler": _person(one.handler),
        "first_responder": _person(one.first_responder),
        "slow_after_s": one.queue.slow_after_seconds,
        **counters_of(one, for_staff=True),
    }


def _person(staff: Any) -> Json | None:
    return {"id": staff.pk, "name": staff.public_name} if staff else None


VISITOR_STATUS = {
    State.QUEUED: "queued",
    State.OPEN: "open",
    State.MESSAGE: "offline",
    State.CLOSED: "closed",
}


def _visitor_state(one: Conversation, place: tuple[int, int] | None) -> Json:
    return {
        "status": VISITOR_STATUS[State(one.state)],
        "number": one.number,
        "position": place[0] if place else None,
        "expected_wait_s": place[1] if place else None,
        "handler": {"name": one.handler.public_name} if one.handler else None,
        "can_write": one.state != State.CLOSED,
        "closed_reason": "",
        **counters_of(one, for_staff=False),
    }


def new_visitor_state(queue: Queue, *, is_open: bool) -> Json:
    """The state shown before the first word."""
    return {
        "status": "new",
        "position": None,
        "expected_wait_s": None,
        "handler": None,
        "read_seq": 0,
        "my_read_seq": 0,
        "can_write": True,
        "closed_reason": "",
        "is_open": is_open,
        "queue": queue.name,
        "last_seq": 0,
        "last_rev": 0,
    }


def _places(waiting: list[Conversation], *, at: datetime) -> dict[int, tuple[int, int]]:
    """For each waiting conversation, its place (1 is next) and the seconds it may still take."""
    if not waiting:
        return {}
    queue_ids = {one.queue_id for one in waiting}
    places = {
        pk: (place, queue_id)
        for pk, queue_id, place in Conversation.objects.queued()
        .filter(queue__in=queue_ids)
        .annotate(place=Window(RowNumber(), partition_by=F("queue"), order_by=["queued_at", "pk"]))
        .values_list("pk", "queue_id", "place")
    }
    pace = _seconds_a_turn(queue_ids, at=at)
    return {
        one.pk: (places[one.pk][0], places[one.pk][0] * pace[one.queue_id])
        for one in waiting
        if one.pk in places
    }


def _seconds_a_turn(queue_ids: set[int], *, at: datetime) -> dict[int, int]:
    """How often somebody in each queue is served: as it went in the last hour, else by who is there."""
    recent = at - timedelta(hours=1)
    rows = Queue.objects.filter(pk__in=queue_ids).annotate(
        served=Count(
            "conversations",
            filter=Q(conversations__claimed_at__gte=recent, conversations__channel="chat"),
            distinct=True,
        ),
        there=Count(
            "members", filter=Q(members__presence__state=PresenceState.ONLINE), distinct=True
        ),
    )
    pace: dict[int, int] = {}
    for row in rows:
        guess = 180 // max(1, row.there)
        pace[row.pk] = max(15, min(600, 3600 // row.served if row.served >= 5 else guess))
    return pace


def answers_not_yet_mail(conversation_id: int, *, up_to: int) -> list[int]:
    """Agents' lines of a mail conversation, up to this place in it, that nothing was made of yet."""
    answers = Line.objects.filter(
        conversation=conversation_id, kind=Line.Kind.AGENT, seq__lte=up_to
    ).exclude(meta__has_key="delivery")
    return list(answers.order_by("seq").values_list("pk", flat=True))
