"""Whether time limits are kept: by stage, kind, way and department. (D186, D266, D569)"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.cases.definitions import ClockRule, Stage
from shouwen.cases.models import Case, CaseKind
from shouwen.cases.queries.figures import SUBJECT, within
from shouwen.cases.queries.figurescope import Scope, counted_cases
from shouwen.cases.queries.figuretables import Cell, count_cell, share_cell
from shouwen.cases.queries.tallies import Tally
from shouwen.cases.workflow import PATH

STATES = ("clock_kept", "clock_missed", "clock_running")


@dataclass
class Clocks:
    """How the time limits of one thing went, stage by stage."""

    by_stage: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def kept_share(self, stage: str) -> float | None:
        """Kept ÷ (kept + missed)."""
        return self.by_stage[stage].share("clock_kept", "clock_missed")


@dataclass(frozen=True)
class ClockLine:
    """A line: its name and, stage by stage, kept, missed, still running and the rate kept."""

    name: str
    cells: list[Cell]
    limits: str = ""


@dataclass(frozen=True)
class ClockPage:
    """Everything the page of time limits shows."""

    stages: list[ClockLine]
    departments: list[ClockLine]
    ways: list[ClockLine]
    kinds: list[ClockLine]
    stage_names: list[str]


def clock_page(staff: Staff, scope: Scope) -> ClockPage:
    """The time limits of the cases received in the period and whether they were kept. Four queries.

    Definition: a case counts once for a stage: missed if one of its clocks there passed its time,
    running if one still runs and none was missed, else kept. Clocks called off do not count.
    """
    by: dict[str, dict[Any, Clocks]] = defaultdict(lambda: defaultdict(Clocks))
    for kind, department, way, stage, counts in _counted(staff, scope):
        for name, key in (("", ""), ("kind", kind), ("department", department), ("way", way)):
            by[name][key].by_stage[stage].counts.update(counts)
    kinds = list(CaseKind.objects.filter(is_active=True).order_by("name"))
    names = dict(Department.objects.values_list("pk", "name"))
    return ClockPage(
        stages=[_stage_line(by[""][""], stage, scope) for stage in PATH],
        departments=_lines(by["department"], {pk: names[pk] for pk in by["department"]}, "department", scope),
        ways=_lines(by["way"], {way: str(Case.Way(way).label) for way in by["way"]}, "way", scope,
                    limits={way: way_limits(kinds, way) for way in by["way"]}),
        kinds=[_kind_line(kind, by["kind"][kind.pk], scope) for kind in kinds],
        stage_names=[str(Case.Stage(stage).label) for stage in PATH],
    )  # fmt: skip


def _counted(staff: Staff, scope: Scope) -> list[tuple[int, int, str, str, dict[str, int]]]:
    cases = counted_cases(staff, scope).filter(within("opened_at", scope))
    wanted = cases.order_by().values("pk", "kind_id", "department_id", "way")
    try:
        sql, given = wanted.query.sql_with_params()
    except EmptyResultSet:
        return []
    stages = [str(stage) for stage in PATH]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT kind_id, department_id, way, stage,
                   count(*) FILTER (WHERE NOT is_late AND NOT is_running),
                   count(*) FILTER (WHERE is_late),
                   count(*) FILTER (WHERE is_running AND NOT is_late)
            FROM (
                SELECT c.id, c.kind_id, c.department_id, c.way, d.kind AS stage,
                       bool_or(d.missed_at IS NOT NULL OR coalesce(d.met_at > d.due_at, false))
                           AS is_late,
                       bool_or(d.met_at IS NULL) AS is_running
                FROM ({sql}) AS c (id, kind_id, department_id, way)
                JOIN deadline d ON d.subject_kind = %s AND d.subject_id = c.id
                               AND d.cancelled_at IS NULL AND d.kind = ANY(%s)
                GROUP BY c.id, c.kind_id, c.department_id, c.way, d.kind
            ) AS clocks
            GROUP BY kind_id, department_id, way, stage
            """,  # noqa: S608 - Django's own SQL
            [*given, SUBJECT, stages],
        )
        rows = cursor.fetchall()
    return [(*row[:4], dict(zip(STATES, row[4:], strict=True))) for row in rows]


def _stage_line(clocks: Clocks, stage: str, scope: Scope) -> ClockLine:
    narrowed, tally = scope.with_(stage=stage), clocks.by_stage[stage]
    cells = [
        count_cell(tally, "clock_kept", narrowed),
        count_cell(tally, "clock_missed", narrowed, tone="late"),
        count_cell(tally, "clock_running", narrowed),
        share_cell(clocks.kept_share(stage), "clock_kept", narrowed),
    ]
    return ClockLine(str(Case.Stage(stage).label), cells)


def _lines(
    found: dict[Any, Clocks], names: dict[Any, str], dimension: str, scope: Scope,
    *, limits: dict[Any, str] | None = None,
) -> list[ClockLine]:  # fmt: skip
    return [
        ClockLine(
            names[key],
            _rates(found[key], scope.with_(**{dimension: str(key)})),
            (limits or {}).get(key, ""),
        )
        for key in sorted(found, key=lambda key: names[key])
    ]


def _rates(clocks: Clocks, scope: Scope) -> list[Cell]:
    """For each stage the rate kept, opening the missed ones where there are any."""
    cells = []
    for stage in PATH:
        missed = clocks.by_stage[stage]["clock_missed"]
        figure, tone = ("clock_missed", "late") if missed else ("clock_kept", "")
        cells.append(
            share_cell(clocks.kept_share(stage), figure, scope.with_(stage=stage), tone=tone)
        )
    return cells


def _kind_line(kind: CaseKind, clocks: Clocks, scope: Scope) -> ClockLine:
    return ClockLine(
        kind.name, _rates(clocks, scope.with_(kind=kind.code)), kind_limits(kind) or ""
    )


def kind_limits(kind: CaseKind) -> str:
    """The time limits of a kind in words; empty if it has none, which the page points out. (D266)"""
    return _("; ").join(_limit_text(rule) for rule in kind.defined.clocks)


def way_limits(kinds: list[CaseKind], way: str) -> str:
    """The limits that hold for a way only: the reply-time standard of that channel. (D186)"""
    return _("; ").join(
        _limit_text(rule) for kind in kinds for rule in kind.defined.clocks if rule.way == way
    )


def _limit_text(rule: ClockRule) -> str:
    stage = str(Case.Stage(Stage(rule.stage)).label)
    if rule.minutes:
        amount = _("%d working minutes") % rule.minutes
    elif rule.days:
        amount = _("%d working days") % rule.days
    else:
        amount = _("the same day")
    natures = [
        (rule.is_urgent, _("urgent")),
        (rule.is_major, _("major")),
        (rule.is_handed_over, _("handed over")),
        (rule.priority, str(Case.Priority(rule.priority).label) if rule.priority else ""),
    ]
    when = _(", ").join(name for holds, name in natures if holds)
    if when:
        return _("%(stage)s %(amount)s (%(when)s)") % {
            "stage": stage,
            "amount": amount,
            "when": when,
        }
    return f"{stage} {amount}"
