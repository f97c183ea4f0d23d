"""Incidents with their cases, and wrongs done in handling."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, CaseQuerySet, Incident, Misconduct
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import visible_cases
from shouwen.core.history import history_of


def incidents() -> QuerySet[Incident]:
    """Incidents with how many cases each has, and how many of them are open; running ones first."""
    return (
        Incident.objects.select_related("owner")
        .annotate(
            case_count=Count("cases"),
            open_count=Count("cases", filter=Q(cases__closed_at=None)),
            last_case_at=Max("cases__opened_at"),
        )
        .order_by(F("ended_at").desc(nulls_first=True), "-found_at", "-pk")
    )


def running_incidents() -> QuerySet[Incident]:
    """Those that are not over, the newest first."""
    return Incident.objects.filter(ended_at=None).order_by("-found_at", "-pk")


def cases_of_incident(incident: Incident, staff: Staff) -> CaseQuerySet:
    """Its cases, as far as this person may read them."""
    return visible_cases(staff).filter(incident=incident).order_by("-opened_at", "-pk")


def cases_to_join(staff: Staff, numbers: list[str]) -> list[Case]:
    """The open cases with these numbers that this person may read, in the order of the numbers."""
    found = {one.number: one for one in visible_cases(staff).open().filter(number__in=numbers)}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


@dataclass(frozen=True)
class ToldAll:
    """One message to all: when, by whom, on how many cases."""

    at: datetime
    who: str
    text: str
    count: int


def messages_of(incident: Incident) -> list[ToldAll]:
    """What everybody concerned was told, the newest first. Two queries."""
    told = history_of("incident", incident.pk).filter(name__endswith="IncidentTold")
    rows = list(told.order_by("-pk")[:50])
    names = dict(Staff.objects.filter(pk__in=[one.by_id for one in rows]).values_list("pk", "name"))
    return [
        ToldAll(
            at=one.at,
            who=names.get(one.by_id or 0, ""),
            text=one.payload["text"],
            count=len(one.payload["case_ids"]),
        )
        for one in rows
    ]


def visible_misconduct(staff: Staff) -> QuerySet[Misconduct]:
    """What this person reported; whoever grades sees what concerns people within his reach.

    Nobody reads what was reported about himself.
    """
    mine = Q(reported_by=staff)
    if staff.may(CasePermission.GRADE_MISCONDUCT):
        mine |= Q(staff__department__in=staff.reach_departments())
    rows = Misconduct.objects.filter(mine).exclude(staff=staff)
    return rows.select_related(
        "staff__department", "case", "reported_by", "proposed_by", "approved_by"
    )
