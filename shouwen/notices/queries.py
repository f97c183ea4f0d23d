"""Reading notices, faults and start-of-day checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import has_stayed_since
from shouwen.accounts.roles import ALL_POWERFUL
from shouwen.core.clock import local_day
from shouwen.notices.kinds import NoticeKind, all_kinds, kind_of
from shouwen.notices.models import FaultReport, Notice, NoticePreference, StartOfDayCheck
from shouwen.notices.permissions import NoticePermission

LONGEST_SHIFT = timedelta(hours=24)


def visible_notices(staff: Staff) -> QuerySet[Notice]:
    """A person's own notices; nobody sees those of others."""
    return Notice.objects.filter(staff=staff, in_app=True)


def unread_notices(staff: Staff) -> QuerySet[Notice]:
    """The notices the person has not looked at."""
    return visible_notices(staff).filter(read_at__isnull=True)


def unread_count(staff: Staff) -> int:
    """How many they are."""
    return unread_notices(staff).count()


@dataclass(frozen=True)
class Choice:
    """How a person is told about a kind."""

    kind: NoticeKind
    in_app: bool
    by_mail: bool


def choices_of(staff: Staff) -> list[Choice]:
    """For every kind how this person is told, chosen or by default."""
    chosen = {one.kind: one for one in NoticePreference.objects.filter(staff=staff)}
    return [_choice(kind, chosen.get(kind.code)) for kind in all_kinds()]


def _choice(kind: NoticeKind, chosen: NoticePreference | None) -> Choice:
    if chosen is None:
        return Choice(kind, in_app=kind.in_app, by_mail=kind.by_mail)
    return Choice(kind, in_app=chosen.in_app, by_mail=chosen.by_mail)


def choices_for(staff_ids: list[int], code: str) -> dict[int, Choice]:
    """How each of these people is told about one kind."""
    found = NoticePreference.objects.filter(staff_id__in=staff_ids, kind=code)
    chosen = {one.staff_id: one for one in found}
    kind = kind_of(code)
    return {staff_id: _choice(kind, chosen.get(staff_id)) for staff_id in staff_ids}


def staff_who_may(permission: str) -> QuerySet[Staff]:
    """Active people one of whose roles holds the permission."""
    holds = Q(roles__permissions__contains=[permission]) | Q(roles__code__in=list(ALL_POWERFUL))
    return Staff.objects.active().people().filter(holds).distinct().order_by("pk")


def visible_faults(staff: Staff) -> QuerySet[FaultReport]:
    """All faults for those who handle them, one's own for everybody else."""
    faults = FaultReport.objects.select_related("reported_by", "taken_by")
    if staff.may(NoticePermission.HANDLE_FAULTS):
        return faults
    return faults.filter(reported_by=staff)


def open_faults() -> QuerySet[FaultReport]:
    """Faults not resolved, the newest first."""
    return FaultReport.objects.exclude(state=FaultReport.State.RESOLVED).order_by("-pk")


def needs_start_of_day_check(staff: Staff, *, at: datetime) -> bool:
    """Whether this person has still to look at system, phone and network today. (D153)

    Whoever has looked, and been at work ever since, goes on past midnight without looking again.
    """
    checks = StartOfDayCheck.objects.filter(staff=staff, at__gt=at - LONGEST_SHIFT)
    last = checks.order_by("-at").first()
    if last is None:
        return True
    return last.day != local_day(at) and not has_stayed_since(staff, last.at)


def checks_on(at: datetime) -> QuerySet[StartOfDayCheck]:
    """Who has looked today, the first one first."""
    return StartOfDayCheck.objects.filter(day=local_day(at)).select_related("staff").order_by("at")
