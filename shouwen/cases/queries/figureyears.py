"""Figures over many months and years: complaints year by year, business lines month by month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear, TruncMonth
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.models import EnteredFigure
from shouwen.cases.queries.figures import within
from shouwen.cases.queries.figurescope import NONE, Scope, counted_cases
from shouwen.cases.queries.figuretables import Cell, category_nodes
from shouwen.core.periods import Period, Span, period_of

Measure = EnteredFigure.Measure
PER = 10_000  # 万单投诉率: complaints to ten thousand users or orders


@dataclass(frozen=True)
class YearRow:
    """A year: what the system counted, what was entered from before, and how it grew."""

    year: int
    counted: int
    entered: int
    is_at_least: bool
    growth: float | None
    query: str

    @property
    def total(self) -> int:
        """Counted and entered together."""
        return self.counted + self.entered

    @property
    def text(self) -> str:
        """The total as people read it: 200+ where only "more than 200" is known."""
        return f"{self.total}+" if self.is_at_least else str(self.total)


def years_of(staff: Staff, scope: Scope) -> list[YearRow]:
    """Complaints year by year, with counts entered from before this system and the growth. (D644)

    Definition: cases by the local year they were registered in, as far as this person may see
    them, plus the yearly counts entered by hand, which are the company's. Growth is against the
    year before, where that is known.
    """
    counted = dict(
        counted_cases(staff, scope)
        .annotate(year=ExtractYear("opened_at"))
        .values("year")
        .annotate(count=Count("pk"))
        .order_by()
        .values_list("year", "count")
    )
    entered = {
        row.year: row
        for row in EnteredFigure.objects.filter(
            measure=Measure.COMPLAINTS, month=None, line=None
        ).order_by("year")
    }
    rows: list[YearRow] = []
    for year in sorted({*counted, *entered}):
        by_hand = entered.get(year)
        total = counted.get(year, 0) + (by_hand.value if by_hand else 0)
        before = rows[-1] if rows and rows[-1].year == year - 1 else None
        growth = total / before.total - 1 if before and before.total else None
        period = period_of(Span.YEAR, date(year, 1, 1))
        rows.append(
            YearRow(
                year=year,
                counted=counted.get(year, 0),
                entered=by_hand.value if by_hand else 0,
                is_at_least=bool(by_hand and by_hand.is_at_least),
                growth=growth,
                query=scope.with_(period=period).query,
            )
        )
    return rows


@dataclass(frozen=True)
class MonthCell:
    """A business line in a month: how many, and how many of ten thousand users or orders."""

    count: int
    rate: float | None
    query: str
    is_highest: bool = False

    @property
    def rate_text(self) -> str:
        """The rate with one place."""
        return "" if self.rate is None else f"{self.rate:.1f}"


@dataclass(frozen=True)
class MonthTable:
    """Business lines by month: the highest of each month is marked. (D541)"""

    months: list[Period]
    lines: list[tuple[str, list[MonthCell]]]
    has_rates: bool


def months_of(staff: Staff, scope: Scope) -> MonthTable:
    """Complaints by business line and month of the year, with their rate, the highest marked. (D541)

    Definition: cases registered in the month, by the top of their tree of categories. The rate is
    complaints to ten thousand users or orders of the line in that month, where their number was
    entered. Highest is the highest rate of the month, or the highest count where no rate is known.
    """
    nodes = {node.pk: node for node in category_nodes()}
    counts: dict[tuple[int | None, date], int] = defaultdict(int)
    rows = (
        counted_cases(staff, scope)
        .filter(within("opened_at", scope))
        .annotate(month=TruncMonth("opened_at"))
        .values("month", "category_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for row in rows:
        top = row["category_id"]
        while top is not None and top in nodes and nodes[top].parent in nodes:
            top = nodes[top].parent
        counts[top, row["month"].date()] += row["count"]
    year = scope.period.first_day.year
    months = [period_of(Span.MONTH, date(year, month, 1)) for month in range(1, 13)]
    tops = sorted(
        {top for top, _month in counts},
        key=lambda top: -sum(counts.get((top, one.first_day), 0) for one in months),
    )
    users = _entered(Measure.USERS, year)
    table = [[_month_cell(scope, top, month, counts, users) for month in months] for top in tops]
    _mark_highest(table)
    names = [nodes[top].name if top in nodes else _("Without a category") for top in tops]
    has_rates = any(cell.rate is not None for line in table for cell in line)
    return MonthTable(months, list(zip(names, table, strict=True)), has_rates)


def _month_cell(
    scope: Scope,
    top: int | None,
    month: Period,
    counts: dict[tuple[int | None, date], int],
    users: dict[tuple[int | None, int], int],
) -> MonthCell:
    count = counts.get((top, month.first_day), 0)
    base = users.get((top, month.first_day.month), 0)
    narrowed = scope.with_(period=month, category=NONE if top is None else str(top))
    return MonthCell(count, PER * count / base if base else None, narrowed.query)


def _mark_highest(table: list[list[MonthCell]]) -> None:
    for month in range(12):
        column = [line[month] for line in table]
        rated = [cell for cell in column if cell.rate is not None]
        measured = [cell.rate or 0.0 for cell in rated] or [float(one.count) for one in column]
        most = max(measured, default=0.0)
        if not most:
            continue
        for line in table:
            cell = line[month]
            own = cell.rate if rated else float(cell.count)
            if own is not None and own == most:
                line[month] = MonthCell(cell.count, cell.rate, cell.query, is_highest=True)


def _entered(measure: str, year: int) -> dict[tuple[int | None, int], int]:
    rows = EnteredFigure.objects.filter(measure=measure, year=year, month__isnull=False)
    return {(row.line_id, row.month or 0): row.value for row in rows}


@dataclass(frozen=True)
class ReviewMonth:
    """A month's reviews, as they were entered: how many were bad. (D494)"""

    month: Period
    reviews: int
    bad: int

    @property
    def rate(self) -> float | None:
        """Bad reviews ÷ all reviews."""
        return self.bad / self.reviews if self.reviews else None


def reviews_of(year: int) -> list[ReviewMonth]:
    """The bad-review rate month by month; months without numbers are left out. (D494)"""
    reviews, bad = _entered(Measure.REVIEWS, year), _entered(Measure.BAD_REVIEWS, year)
    return [
        ReviewMonth(
            period_of(Span.MONTH, date(year, month, 1)),
            reviews.get((None, month), 0),
            bad.get((None, month), 0),
        )
        for month in range(1, 13)
        if (None, month) in reviews
    ]


def entered_figures() -> QuerySet[EnteredFigure]:
    """What was entered by hand, the newest year first."""
    return EnteredFigure.objects.select_related("line", "by").order_by(
        "measure", "-year", "month", "pk"
    )


def growth_cell(growth: float | None) -> Cell:
    """Growth in per cent, with its sign."""
    return Cell("—") if growth is None else Cell(f"{100 * growth:+.1f}%", round(100 * growth, 1))
