"""The figures of cases counted for one page: a few grouped queries, put together by what they are of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncDate

from shouwen.accounts.models import Staff
from shouwen.cases.models import CaseQuerySet, FollowUpDuty, HandOff, Remedy
from shouwen.cases.queries.figures import FIGURES, LATE, RECEIVED, Result, clocks_of, within
from shouwen.cases.queries.figurescope import Scope, counted_cases
from shouwen.cases.workflow import HANDLE
from shouwen.core.counting import counts_of

GROUPS = ("kind_id", "is_complaint", "validity", "category_id", "department_id", "way")
# Counted one by one: each has rows of its own time.
SINGLE = ("accepted", "urged", "answered", "followed_up", "open", "overdue")
COMPARED = (RECEIVED, "results", "archived")
PAID = (Remedy.State.ACCEPTED, Remedy.State.DONE)


@dataclass
class Tally:
    """What was counted of one thing: figures by code, and the hours behind the results."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    longest: float = 0.0

    def __getitem__(self, code: str) -> int:
        return self.counts[code]

    def add(self, row: dict[str, Any]) -> None:
        """One group more."""
        for name, value in row.items():
            if isinstance(value, timedelta):
                seconds = value.total_seconds()
                if name == "longest":
                    self.longest = max(self.longest, seconds)
                else:
                    self.seconds += seconds
            elif value and name not in IS_NO_COUNT:
                self.counts[name] += value

    def add_tally(self, other: Tally) -> None:
        """What stands below is counted above too."""
        self.counts.update(other.counts)
        self.seconds += other.seconds
        self.longest = max(self.longest, other.longest)

    def share(self, code: str, *others: str) -> float | None:
        """The part of a figure in itself and the others, from 0 to 1; None where there is nothing."""
        whole = self[code] + sum(self[one] for one in others)
        return self[code] / whole if whole else None

    def of(self, code: str, whole: str) -> float | None:
        """A figure divided by another; None where there is nothing."""
        return self[code] / self[whole] if self[whole] else None

    @property
    def hours_mean(self) -> float | None:
        """Average hours from acceptance to the result."""
        return self.seconds / 3600 / self["results"] if self["results"] else None

    @property
    def hours_longest(self) -> float | None:
        """The most hours from acceptance to the result."""
        return self.longest / 3600 if self["results"] else None


IS_NO_COUNT = {*GROUPS, "cause_id", "is_late"}
Key = tuple[Any, ...]


@dataclass
class Tallies:
    """All that was counted over a scope, whole and by class, category, department, way and cause."""

    whole: Tally = field(default_factory=Tally)
    by: dict[str, dict[Any, Tally]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Tally))
    )
    hand_offs: int = 0
    cost_fen: int = 0

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Groups more."""
        for row in rows:
            self.whole.add(row)
            for name, key in _keys(row):
                self.by[name][key].add(row)


def _keys(row: dict[str, Any]) -> list[tuple[str, Any]]:
    is_complaint = row["is_complaint"]
    sort = (row["validity"] or "unjudged",) if is_complaint else (row["kind_id"],)
    keys: list[tuple[str, Any]] = [
        ("class", (is_complaint, *sort)),
        ("category", row["category_id"]),
        ("department", row["department_id"]),
        ("way", row["way"]),
    ]
    if "cause_id" in row:
        keys.append(("cause", row["cause_id"]))
    return keys


def tallies_of(staff: Staff, scope: Scope, *, at: datetime) -> Tallies:
    """Every figure of the scope as far as this person may see its rows; seven queries."""
    cases = counted_cases(staff, scope)
    found = Tallies()
    found.add(_received(cases, scope))
    found.add(_resulted(cases, scope))
    found.add(_archived(cases, scope))
    found.add(_followed_up(cases, scope))
    single = {code: FIGURES[code].rows(cases, scope, at) for code in SINGLE}
    found.whole.counts.update(counts_of(single))
    received = cases.filter(within("opened_at", scope))
    found.hand_offs = HandOff.objects.filter(case__in=received.values("pk")).count()
    found.cost_fen = _cost_fen(cases.filter(within("handled_at", scope)))
    return found


def _received(cases: CaseQuerySet, scope: Scope) -> Iterable[dict[str, Any]]:
    handed = HandOff.objects.filter(case=OuterRef("pk"))
    yield from (
        cases.filter(within("opened_at", scope))
        .values(*GROUPS)
        .annotate(
            received=Count("pk"),
            valid=Count("pk", filter=Q(validity="valid")),
            invalid=Count("pk", filter=Q(validity="invalid")),
            unjudged=Count("pk", filter=Q(validity="")),
            handed=Count("pk", filter=Exists(handed)),
            climbed=Count("pk", filter=Q(ladder_level__gt=0)),
            recurring=Count("pk", filter=Q(recurrence__gt=1)),
            reopened=Count("pk", filter=Q(reopened_count__gt=0)),
        )
        .order_by()
    )


def _resulted(cases: CaseQuerySet, scope: Scope) -> Iterable[dict[str, Any]]:
    """With a result, their hours, and whether they were in time; without a clock neither."""
    is_late = BoolOr(Case(When(LATE, then=Value(value=True)), default=Value(value=False)))
    clocks = clocks_of(HANDLE).order_by().values("subject_id").annotate(late=is_late)
    rows = (
        cases.filter(within("handled_at", scope))
        .annotate(is_late=Subquery(clocks.values("late"), output_field=BooleanField()))
        .values(*GROUPS, "is_late")
        .annotate(
            results=Count("pk"),
            seconds=Sum(F("handled_at") - F("accepted_at")),
            longest=Max(F("handled_at") - F("accepted_at")),
        )
        .order_by()
    )
    for row in rows:
        if row["is_late"] is not None:
            row["late" if row["is_late"] else "in_time"] = row["results"]
        yield row


def _archived(cases: CaseQuerySet, scope: Scope) -> Iterable[dict[str, Any]]:
    has_cause = Q(cause__isnull=False)
    yield from (
        cases.filter(within("closed_at", scope))
        .values(*GROUPS, "cause_id")
        .annotate(
            archived=Count("pk"),
            won_back=Count("pk", filter=Q(is_won_back=True)),
            lost=Count("pk", filter=Q(is_won_back=False)),
            with_cause=Count("pk", filter=has_cause),
            corrected=Count("pk", filter=has_cause & ~Q(corrective_action="")),
        )
        .order_by()
    )


def _followed_up(cases: CaseQuerySet, scope: Scope) -> Iterable[dict[str, Any]]:
    def told(*results: str) -> Count:
        return Count("case", distinct=True, filter=Q(result__in=results))

    rows = (
        FollowUpDuty.objects.filter(within("at", scope), case__in=cases.values("pk"))
        .exclude(result="")
        .values(*(f"case__{name}" for name in GROUPS))
        .annotate(
            satisfied=told(Result.SATISFIED),
            fair=told(Result.FAIR),
            dissatisfied=told(Result.DISSATISFIED),
            not_told=told(Result.UNREACHABLE, Result.DECLINED),
        )
        .order_by()
    )
    for row in rows:
        yield {name.removeprefix("case__"): value for name, value in row.items()}


def _cost_fen(results: CaseQuerySet) -> int:
    remedies = Remedy.objects.filter(case__in=results.values("pk"), state__in=PAID)
    return remedies.aggregate(total=Sum("cost_fen"))["total"] or 0


def received_by_day(staff: Staff, scope: Scope) -> dict[date, int]:
    """How many were received on each local day of the period."""
    rows = (
        counted_cases(staff, scope)
        .filter(within("opened_at", scope))
        .annotate(day=TruncDate("opened_at"))
        .values("day")
        .annotate(count=Count("pk"))
        .order_by()
        .values_list("day", "count")
    )
    return dict(rows)


@dataclass(frozen=True)
class Compared:
    """A figure now, in the period before, and in the same period a year before."""

    before: int
    year_before: int


def compared(staff: Staff, scope: Scope, *, at: datetime) -> dict[str, Compared]:
    """The main figures of the period before and of a year before. One query."""
    periods = {"before": scope.period.previous, "year_before": scope.period.a_year_before}
    asked = {
        f"{name} {code}": FIGURES[code].rows(
            counted_cases(staff, scope), scope.with_(period=period), at
        )
        for name, period in periods.items()
        for code in COMPARED
    }
    counts = counts_of(asked)
    return {
        code: Compared(counts[f"before {code}"], counts[f"year_before {code}"]) for code in COMPARED
    }
