"""Which cases a person sees, and the lists that are made of them."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from shouwen.accounts.models import Role, Staff
from shouwen.cases.models import Approval, Case, CaseQuerySet, Escalation, HandOff
from shouwen.cases.permissions import CasePermission


def visible_cases(staff: Staff) -> CaseQuerySet:
    """What this person may read: his own, those he was asked about, and those of departments in reach.

    Whoever a case was handed to reads it too, and nobody reads a complaint about himself. What a
    customer sent in himself waits for anybody of its department who may take it.
    """
    if staff.is_system:
        return Case.objects.all()
    if not any(staff.may(name) for name in CasePermission):
        return Case.objects.none()
    if staff.reach == Role.Reach.ALL:
        return Case.objects.exclude(accused=staff)
    own = Q(handler=staff) | Q(first_responder=staff)
    handed = Q(pk__in=HandOff.objects.filter(_is_for(staff)).values("case"))
    climbed = Q(pk__in=Escalation.objects.filter(to=staff).values("case"))
    reach = Q(department__in=staff.reach_departments())
    seen = own | handed | climbed | reach | _waits_for(staff)
    return Case.objects.filter(seen).exclude(accused=staff)


def _waits_for(staff: Staff) -> Q:
    """Cases of the department that nobody was asked first and nobody has taken."""
    sees_them_anyway = staff.reach != Role.Reach.OWN.value
    if sees_them_anyway or not staff.department_id or not staff.may(CasePermission.HANDLE):
        return Q()
    nobody = Staff.objects.filter(is_system=True).values("pk")
    return Q(department_id=staff.department_id, handler__isnull=True, first_responder__in=nobody)


def _is_for(staff: Staff) -> Q:
    mine = Q(staff=staff)
    sees_department = staff.reach != Role.Reach.OWN.value
    if staff.department_id and sees_department and staff.may(CasePermission.RECEIVE):
        mine |= Q(department_id=staff.department_id)
    return mine


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With everything a list row shows, in one query."""
    return cases.select_related(
        "kind", "category", "customer", "department", "handler", "first_responder"
    ).defer("search", "matter", "demand", "result", "corrective_action")


def cases_with(staff: Staff, words: str) -> CaseQuerySet:
    """Cases that hold the words in number, title, matter, demand, result, place or form."""
    return visible_cases(staff).filter(search__words=words).order_by("-opened_at", "-pk")


def tasks_for(staff: Staff) -> QuerySet[HandOff]:
    """What was handed to this person or his department and has not ended, by due time."""
    return (
        HandOff.objects.filter(_is_for(staff), ended_at__isnull=True)
        .select_related("case__kind", "department", "staff", "by")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )


def approvals_for(staff: Staff) -> QuerySet[Approval]:
    """Questions that wait for somebody with one of this person's roles, the oldest first."""
    codes = [role.code for role in staff.role_list]
    return (
        Approval.objects.filter(decision="", role_code__in=codes)
        .exclude(asked_by=staff)
        .select_related("case__kind", "asked_by")
        .order_by("asked_at", "pk")
    )


def perhaps_stalled(*, at: datetime) -> list[int]:
    """Open cases silent for as long as their own kind allows and not announced since, oldest first."""
    rows = (
        Case.objects.open()
        .filter(waiting_since__isnull=True, last_progress_at__lt=at - timedelta(hours=1))
        .filter(Q(stalled_at__isnull=True) | Q(stalled_at__lte=F("last_progress_at")))
        .select_related("kind")
        .only("pk", "last_progress_at", "kind")
        .order_by("last_progress_at", "pk")
    )
    return [
        row.pk
        for row in rows.iterator(chunk_size=500)
        if at - row.last_progress_at >= timedelta(hours=row.kind.defined.stalled_after_hours)
    ]
