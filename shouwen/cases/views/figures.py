"""Figures of cases: the board, the rows behind each, time limits, business lines, years."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.cases.forms.figures import EnteredForm
from shouwen.cases.operations.entering import enter_figures, forget_figure
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.figureclocks import clock_page
from shouwen.cases.queries.figurerows import longest_of, row_facts, sum_of, with_row_facts
from shouwen.cases.queries.figures import FIGURES, figure_rows
from shouwen.cases.queries.figurescope import ALL_KINDS, NARROWING, Scope, scope_asked
from shouwen.cases.queries.figuretables import (
    FigureTable,
    all_tables,
    scope_names,
    share_text,
)
from shouwen.cases.queries.figureyears import (
    entered_figures,
    growth_cell,
    months_of,
    reviews_of,
    years_of,
)
from shouwen.cases.queries.kinds import active_kinds
from shouwen.cases.queries.ratios import RATIOS, ratio_text
from shouwen.cases.queries.reports import FLOW
from shouwen.cases.queries.tallies import (
    Compared,
    Tallies,
    compared,
    received_by_day,
    tallies_of,
)
from shouwen.cases.views.sheets import tables_file
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page
from shouwen.core.periods import SPAN_NAMES, Span, buckets_of
from shouwen.customers.queries import shown_name
from shouwen.ui.charts import Chart, Point, column_chart

PAGE = 50
CLOSER = (
    "valid", "invalid", "unjudged", "in_time", "late", "handed", "climbed", "recurring",
    "reopened", "won_back", "lost", "satisfied", "fair", "dissatisfied", "not_told",
)  # fmt: skip
sees_figures = any_staff("what is counted starts from visible_cases")


def _asked(request: StaffRequest, *, usual: Span = Span.MONTH) -> Scope:
    return scope_asked(request.GET.dict(), today=local_day(timezone.now()), usual=usual)


def figure_tabs(here: str, scope: Scope | None = None) -> list[tuple[str, str, bool]]:
    """The pages of figures: address, name, whether it is this one."""
    query = f"?{scope.query}" if scope else ""
    pages = (
        ("figures", _("Board"), query),
        ("figures_clocks", _("Time limits"), query),
        ("figures_lines", _("Business lines"), ""),
        ("figures_years", _("Year by year"), ""),
        ("reports", _("Reports"), ""),
    )
    return [
        (f"{reverse(f'cases:{name}')}{asked}", label, name == here) for name, label, asked in pages
    ]


def _shared(request: StaffRequest, scope: Scope) -> dict[str, Any]:
    """What the head of every page of figures needs."""
    departments = request.user.reach_departments().active().in_tree_order()
    here = request.resolver_match
    narrowed = {name: word for name, word in scope.asked.items() if name in NARROWING}
    return {
        "tabs": figure_tabs(here.url_name or "" if here else "", scope),
        "scope": scope,
        "period": scope.period,
        "spans": [(span.value, name) for span, name in SPAN_NAMES.items()],
        "keeps": urlencode(narrowed),
        "narrowed": narrowed,
        "kinds": active_kinds(),
        "all_kinds": ALL_KINDS,
        "departments": departments,
        "may_direct": request.user.may(CasePermission.DIRECT),
        "printed_at": timezone.now(),
    }


@require_safe
@sees_figures
def board(request: StaffRequest) -> HttpResponse:
    """The figures of a period: what came, what was done, of what kind, why, and how it went. (D643)"""
    scope, at = _asked(request), timezone.now()
    tallies = tallies_of(request.user, scope, at=at)
    tables = {table.code: table for table in all_tables(tallies, scope)}
    context = _shared(request, scope) | {
        "tiles": _tiles(tallies, compared(request.user, scope, at=at)),
        "closer": [(FIGURES[code], tallies.whole[code]) for code in CLOSER],
        "ratios": [(one, ratio_text(tallies, code)) for code, one in RATIOS.items()],
        "tables": tables,
        "trend": _trend(request, scope),
        "pareto": _pareto(tables["cause"]),
        "figures": FIGURES.values(),
    }
    return render(request, "cases/figures/board.html", context)


def _tiles(tallies: Tallies, before: dict[str, Compared]) -> list[dict[str, Any]]:
    tiles = []
    for code in FLOW:
        known = before.get(code)
        tone = "late" if code == "overdue" and tallies.whole[code] else ""
        tiles.append(
            {"figure": FIGURES[code], "value": tallies.whole[code], "before": known, "tone": tone}
        )
    return tiles


def _trend(request: StaffRequest, scope: Scope) -> Chart:
    """Received day by day, or by weeks, months or years where the period is long."""
    by_day = received_by_day(request.user, scope)
    points = []
    for bucket in buckets_of(scope.period):
        count = sum(
            number for day, number in by_day.items() if bucket.first_day <= day <= bucket.last_day
        )
        name = f"{bucket.first_day:%m-%d}" if bucket.days < 28 else f"{bucket.first_day:%Y-%m}"
        href = _rows_url("received", scope.with_(period=bucket)) if count else ""
        points.append(Point(name=name, value=count, href=href))
    return column_chart(points)


def _pareto(table: FigureTable) -> Chart:
    running, points = [], []
    for line in table.lines:
        cell = line.cells[0]
        points.append(
            Point(
                name=line.name,
                value=cell.value or 0,
                href=f"{reverse('cases:figure_rows', args=[cell.figure])}?{cell.query}",
                tone="" if line.tone == "vital" else "rest",
            )
        )
        running.append((line.cells[2].value or 0) / 100)
    return column_chart(points, running=running, mark=0.8)


def _rows_url(code: str, scope: Scope) -> str:
    return f"{reverse('cases:figure_rows', args=[code])}?{scope.query}"


@require_safe
@sees_figures
def rows(request: StaffRequest, figure: str) -> HttpResponse:
    """The cases that a figure counts: as many as the figure says. (Law 7)"""
    if figure not in FIGURES:
        raise Http404
    scope, at, one = _asked(request), timezone.now(), FIGURES[figure]
    found = figure_rows(request.user, figure, scope, at=at)
    page = keyset_page(
        with_row_facts(found),
        order=(f"-{one.order}", "-pk"),
        after=request.GET.get("after", ""),
        size=PAGE,
    )
    context = _shared(request, scope) | {
        "figure": one,
        "page": page,
        "rows": [(case, row_facts(case), shown_name(case.customer, request.user)) for case in page.rows],
        "summed": sum_of(found),
        "names": scope_names(scope),
        "longest": longest_of(found) if figure == "results" else None,
        "may_export": request.user.may(CasePermission.HANDLE),
        "at": at,
    }  # fmt: skip
    return render(request, "cases/figures/rows.html", context)


@require_safe
@sees_figures
def sheet(request: StaffRequest) -> HttpResponse:
    """The tables of the board as a workbook, one sheet each, with the definition above."""
    scope, at = _asked(request), timezone.now()
    tallies = tallies_of(request.user, scope, at=at)
    return tables_file(all_tables(tallies, scope), name=f"figures-{scope.period.first_day}")


@require_safe
@sees_figures
def clocks(request: StaffRequest) -> HttpResponse:
    """Which time limits there are, and whether they are kept. (D186, D266, D569)"""
    scope = _asked(request)
    context = _shared(request, scope) | {
        "clocks": clock_page(request.user, scope),
        "by_kind": _("By kind"),
        "by_department": _("By department"),
        "by_way": _("By the way they came"),
        "kind_word": _("Kind"),
        "department_word": _("Department"),
        "way_word": _("Way"),
    }
    return render(request, "cases/figures/clocks.html", context)


@require_safe
@sees_figures
def lines(request: StaffRequest) -> HttpResponse:
    """Business lines month by month with the highest marked, and the rate of bad reviews. (D494, D541)"""
    scope = _asked(request, usual=Span.YEAR)
    reviews = reviews_of(scope.period.first_day.year)
    points = [
        Point(name=one.month.name, value=100 * (one.rate or 0), shown=share_text(one.rate))
        for one in reviews
    ]
    context = _shared(request, scope) | {
        "table": months_of(request.user, scope),
        "reviews": [(one, share_text(one.rate)) for one in reviews],
        "review_chart": column_chart(points),
    }
    return render(request, "cases/figures/lines.html", context)


@require_safe
@sees_figures
def years(request: StaffRequest) -> HttpResponse:
    """Complaints year by year, with numbers from before this system. (D644)"""
    scope = _asked(request)
    found = years_of(request.user, scope)
    points = [
        Point(name=str(row.year), value=row.total, shown=row.text, href=_year_url(row.query))
        for row in found
    ]
    context = _shared(request, scope) | {
        "years": [(row, growth_cell(row.growth)) for row in found],
        "chart": column_chart(points),
    }
    return render(request, "cases/figures/years.html", context)


def _year_url(query: str) -> str:
    return f"{reverse('cases:figure_rows', args=['received'])}?{query}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CasePermission.DIRECT)
def entered(request: StaffRequest) -> HttpResponse:
    """Numbers entered by hand: earlier years, users of business lines, reviews."""
    form = EnteredForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_figures([form.given], by=request.user, at=timezone.now())
            return redirect("cases:figures_entered")
        except Refused as refusal:
            form.add_error("month", str(refusal))
    context = {"form": form, "rows": entered_figures()}
    status = 422 if form.errors else 200
    return render(request, "cases/figures/entered.html", context, status=status)


@require_POST
@permission_required(CasePermission.DIRECT)
def entered_forget(request: StaffRequest, entered_id: int) -> HttpResponse:
    """Take out a number entered by mistake."""
    try:
        forget_figure(entered_id, by=request.user)
    except Refused as refusal:
        raise Http404 from refusal
    return redirect("cases:figures_entered")
