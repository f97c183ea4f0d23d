"""The summary at the end of a contact, and the points that are carried on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import PointSolved, WrapUpFinished
from shouwen.conversations.models import ContactKind, Conversation, SummaryPoint, WrapUp
from shouwen.conversations.operations.log import check_asked, follow_flow, locked_for, write_answers
from shouwen.conversations.operations.serving import announce, close_conversation
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.refusals import SummaryIncomplete
from shouwen.core.errors import Refused

POINT_LIMIT = 20


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point the customer raised, and whether it is solved."""

    text: str
    is_solved: bool
    sort: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the summary asks: the demand, the points, and what comes next."""

    kind: str
    demand: str
    points: tuple[Point, ...]
    motive: str = ""
    place: str = ""
    next_action: str = ""
    needs: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def save_wrap_up_draft(
    conversation_id: int, *, summary: Summary, by: Staff, at: datetime
) -> WrapUp:
    """Keep an unfinished summary; nothing is demanded of it, and its writer is reminded. (D149)"""
    conversation = locked_for(conversation_id, by)
    return _write(conversation, summary, is_draft=True, by=by, at=at)


@transaction.atomic
def finish_wrap_up(
    conversation_id: int, *, summary: Summary, by: Staff, at: datetime, closes: bool = True
) -> WrapUp:
    """The contact is summed up and, unless `closes` is false, ended.

    Refuses without the demand and at least one point; an unsolved point needs a next action and
    goes to the next day's list. What the kind asks for holds too: see `check_asked` and `follow_flow`.
    (D018, D143, D149, D157, D200, D598)
    """
    conversation = locked_for(conversation_id, by)
    _check(summary)
    wrap_up = _write(conversation, summary, is_draft=False, by=by, at=at)
    check_asked(wrap_up)
    if closes and not conversation.is_closed:
        follow_flow(conversation, wrap_up, by=by, at=at)
    unsolved = wrap_up.points.filter(solved_at__isnull=True).count()
    conversation.has_unsolved_points = unsolved > 0
    conversation.save(update_fields=["has_unsolved_points", "updated_at"])
    announce(WrapUpFinished, conversation, unsolved=unsolved, by_id=by.pk)
    if closes and not conversation.is_closed:
        close_conversation(conversation_id, by=by, at=at)
    return wrap_up


def _check(summary: Summary) -> None:
    points = [point for point in summary.points if point.text.strip()]
    if not ContactKind.objects.filter(code=summary.kind).exists():
        raise SummaryIncomplete(_("Please choose what the contact is about."))
    if not summary.demand.strip():
        raise SummaryIncomplete(_("Please write down what the customer wanted."))
    if not points:
        raise SummaryIncomplete(_("Please name at least one point the customer raised."))
    if len(points) > POINT_LIMIT:
        raise SummaryIncomplete(_("Please name at most %d points.") % POINT_LIMIT)
    if any(not point.is_solved for point in points) and not summary.next_action.strip():
        raise SummaryIncomplete(_("A point is unsolved: please say what happens next."))


def _write(
    conversation: Conversation, summary: Summary, *, is_draft: bool, by: Staff, at: datetime
) -> WrapUp:
    wrap_up, _is_new = WrapUp.objects.update_or_create(
        conversation=conversation,
        defaults={
            "by": by,
            "kind_id": summary.kind,
            "demand": summary.demand.strip()[:500],
            "motive": summary.motive.strip()[:200],
            "place": summary.place.strip()[:100],
            "next_action": summary.next_action.strip()[:300],
            "needs": summary.needs.strip()[:500],
            "is_draft": is_draft,
            "finished_at": None if is_draft else at,
        },
    )
    write_answers(wrap_up, summary.answers)
    lines = dict(wrap_up.points.filter(line__isnull=False).values_list("text", "line"))
    wrap_up.points.all().delete()
    owner = conversation.first_responder or by
    SummaryPoint.objects.bulk_create(
        SummaryPoint(
            wrap_up=wrap_up,
            text=point.text.strip()[:300],
            sort=point.sort,
            line_id=lines.get(point.text.strip()[:300]),
            owner=owner,
            raised_at=at,
            solved_at=at if point.is_solved else None,
            solved_by=by if point.is_solved else None,
        )
        for point in summary.points
        if point.text.strip()
    )
    return wrap_up


@transaction.atomic
def solve_point(point_id: int, *, solution: str, by: Staff, at: datetime) -> SummaryPoint:
    """A carried point is solved; refuses without saying how."""
    require(by, ConversationPermission.SERVE)
    point = (
        SummaryPoint.objects.select_for_update(of=("self",))
        .select_related("wrap_up__conversation")
        .get(pk=point_id)
    )
    if point.solved_at:
        raise Refused(_("This point is already solved."))
    if not solution.strip():
        raise Refused(_("Please say how it was solved."))
    point.solved_at, point.solved_by, point.solution = at, by, solution.strip()[:300]
    point.save(update_fields=["solved_at", "solved_by", "solution"])
    conversation = point.wrap_up.conversation
    left = point.wrap_up.points.filter(solved_at__isnull=True).exists()
    Conversation.objects.filter(pk=conversation.pk).update(has_unsolved_points=left)
    announce(PointSolved, conversation, point_id=point.pk, by_id=by.pk)
    return point
