"""The rows behind a figure, each with what it puts into sums and averages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Avg, Count, F, IntegerField, Max, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from shouwen.cases.models import Case, CaseQuerySet, HandOff, Remedy
from shouwen.cases.queries.tallies import PAID


@dataclass(frozen=True)
class RowFacts:
    """What one case puts into the figures made of others."""

    hours: float | None
    hand_offs: int
    cost_fen: int

    @property
    def cost_yuan(self) -> float:
        """The cost in yuan."""
        return self.cost_fen / 100


def with_row_facts(cases: CaseQuerySet) -> CaseQuerySet:
    """With everything a row behind a figure shows, in one query."""
    shown = cases.select_related(
        "kind", "category", "cause", "customer", "department", "handler", "first_responder"
    ).annotate(**ROW_FACTS)
    return shown.defer("search", "matter", "demand", "customer__search")


def _of_case(rows: Any, number: Any) -> Coalesce:
    summed = rows.order_by().values("case").annotate(number=number).values("number")
    return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))


ROW_FACTS = {
    "hand_off_count": _of_case(HandOff.objects.filter(case=OuterRef("pk")), Count("pk")),
    "paid_fen": _of_case(
        Remedy.objects.filter(case=OuterRef("pk"), state__in=PAID), Sum("cost_fen")
    ),
}


def row_facts(case: Case) -> RowFacts:
    """Those of a case read by `with_row_facts`."""
    read = cast(Any, case)
    hours = hours_of(case)
    return RowFacts(
        hours=None if hours is None else round(hours, 1),
        hand_offs=read.hand_off_count,
        cost_fen=read.paid_fen,
    )


@dataclass(frozen=True)
class Summed:
    """What the rows come to, all of them, not only those on the page."""

    count: int
    hours_mean: float | None
    hours_longest: float | None
    hand_offs: int
    cost_fen: int

    @property
    def cost_yuan(self) -> float:
        """The cost in yuan."""
        return self.cost_fen / 100


def sum_of(cases: CaseQuerySet) -> Summed:
    """How many rows there are, and what sums and averages they make. Three queries."""
    taken = F("handled_at") - F("accepted_at")
    found = cases.order_by().aggregate(count=Count("pk"), mean=Avg(taken), longest=Max(taken))
    ids = cases.order_by().values("pk")
    paid = Remedy.objects.filter(case__in=ids, state__in=PAID).aggregate(fen=Sum("cost_fen"))
    return Summed(
        count=found["count"],
        hours_mean=_hours(found["mean"]),
        hours_longest=_hours(found["longest"]),
        hand_offs=HandOff.objects.filter(case__in=ids).count(),
        cost_fen=paid["fen"] or 0,
    )


def _hours(taken: Any) -> float | None:
    return None if taken is None else taken.total_seconds() / 3600


def longest_of(cases: CaseQuerySet) -> Case | None:
    """The case that took the most hours from acceptance to the result. (D066)"""
    taken = F("handled_at") - F("accepted_at")
    return cases.order_by(taken.desc(), "pk").first()


def hours_of(case: Case) -> float | None:
    """Hours on the wall clock from acceptance to the result. (D066)"""
    if case.accepted_at is None or case.handled_at is None:
        return None
    return (case.handled_at - case.accepted_at).total_seconds() / 3600
