"""What of cases waits for one person, and what is overdue in a leader's reach."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.cases.models import Approval, Case, CasePromise, FollowUpDuty, HandOff
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import approvals_for, tasks_for, visible_cases, with_names
from shouwen.cases.queries.lists import NEAR


def cases_near_their_clock(staff: Staff, *, at: datetime) -> QuerySet[Case]:
    """Cases of this person whose nearest clock ends soon or has ended, the most urgent first."""
    mine = visible_cases(staff).open().filter(handler=staff, due_at__lt=at + NEAR)
    return with_names(mine).order_by("due_at", "pk")


def tasks_near_their_clock(staff: Staff, *, at: datetime) -> QuerySet[HandOff]:
    """Tasks handed to us that nobody has received yet, or that fall due soon."""
    soon = Q(due_at__lt=at + NEAR) | Q(state=HandOff.State.SENT)
    tasks = tasks_for(staff).filter(soon, case__in=visible_cases(staff).open())
    return tasks.select_related("case__customer").order_by(
        F("due_at").asc(nulls_last=True), "sent_at", "pk"
    )


def promises_near_their_clock(staff: Staff, *, at: datetime) -> QuerySet[CasePromise]:
    """What this person promised a customer and must keep soon."""
    return (
        CasePromise.objects.filter(by=staff, kept_at__isnull=True, due_at__lt=at + NEAR)
        .filter(case__in=visible_cases(staff).open())
        .select_related("case__customer")
        .order_by("due_at", "pk")
    )


def follow_ups_owed(staff: Staff) -> QuerySet[FollowUpDuty]:
    """Follow-ups this person owes."""
    return (
        FollowUpDuty.objects.filter(owner=staff, result="", case__in=visible_cases(staff).open())
        .select_related("case__customer")
        .order_by("owed_since", "pk")
    )


def questions_for(staff: Staff) -> QuerySet[Approval]:
    """Questions on cases this person may read that wait for his decision."""
    return (
        approvals_for(staff).filter(case__in=visible_cases(staff)).select_related("case__customer")
    )


def overdue_with_others(staff: Staff, *, at: datetime) -> QuerySet[Case]:
    """Overdue cases of others in the reach of whoever directs cases, the longest overdue first."""
    found = visible_cases(staff).overdue(at).exclude(handler=staff)
    if not staff.may(CasePermission.DIRECT):
        found = found.none()
    return with_names(found).order_by("due_at", "pk")
