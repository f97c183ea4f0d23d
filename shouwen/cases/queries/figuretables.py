"""Tables of figures as they stand on the screen, on paper and in the spreadsheet: each cell knows its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouwen.accounts.models import Department
from shouwen.cases.models import Case, CaseCategory, CaseKind
from shouwen.cases.queries.figures import RECEIVED
from shouwen.cases.queries.figurescope import ALL_KINDS, NONE, Scope
from shouwen.cases.queries.tallies import Tallies, Tally

VITAL_FEW = 0.8  # the causes that make up four fifths of all (the 80/20 rule)
Label = str | Promise


@dataclass(frozen=True)
class Cell:
    """A number as it is read, as it is reckoned with, and the figure and scope of its rows."""

    text: str
    value: float | None = None
    figure: str = ""
    query: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a table: what it is of, how deep it stands, its numbers, and its part of the whole."""

    name: str
    cells: list[Cell]
    depth: int = 0
    part: float = 0.0
    tone: str = ""
    is_below: bool = False  # counted in a line above already


@dataclass(frozen=True)
class FigureTable:
    """A table with its heading, what it says in words, and what it adds up to."""

    code: str
    heading: Label
    words: Label
    first: Label
    columns: list[Label]
    lines: list[Line]
    foot: Line | None = None

    @property
    def tops(self) -> list[Line]:
        """The lines that make up the whole."""
        return [line for line in self.lines if not line.is_below]


def count_cell(tally: Tally, code: str, scope: Scope, *, tone: str = "") -> Cell:
    """A count that opens."""
    count = tally[code]
    return Cell(str(count), count, code, scope.query, tone if count else "")


def share_text(part: float | None) -> str:
    """A part as per cent with one place; a dash where there is nothing to divide."""
    return "—" if part is None else f"{100 * part:.1f}%"


def share_cell(part: float | None, figure: str, scope: Scope, *, tone: str = "") -> Cell:
    """A part of a whole, opening the rows of the figure it is the part of."""
    value = None if part is None else round(100 * part, 1)
    return Cell(share_text(part), value, figure if part is not None else "", scope.query, tone)


def hours_text(hours: float | None) -> str:
    """Hours with one place; a dash for none."""
    return "—" if hours is None else f"{hours:.1f}"


def hours_cell(hours: float | None, scope: Scope) -> Cell:
    """Hours, opening the results they are of."""
    value = None if hours is None else round(hours, 1)
    return Cell(hours_text(hours), value, "results" if hours is not None else "", scope.query)


Column = tuple[Label, Callable[[Tally, Tally, Scope], Cell]]

COLUMNS: tuple[Column, ...] = (
    (gettext_lazy("Received"), lambda one, _all, scope: count_cell(one, RECEIVED, scope)),
    (
        gettext_lazy("Share"),
        lambda one, whole, scope: share_cell(
            one[RECEIVED] / whole[RECEIVED] if whole[RECEIVED] else None, RECEIVED, scope
        ),
    ),
    (gettext_lazy("Results"), lambda one, _all, scope: count_cell(one, "results", scope)),
    (
        gettext_lazy("In-time rate"),
        lambda one, _all, scope: share_cell(one.share("in_time", "late"), "in_time", scope),
    ),
    (
        pgettext_lazy("figure", "Late"),
        lambda one, _all, scope: count_cell(one, "late", scope, tone="late"),
    ),
    (gettext_lazy("Average hours"), lambda one, _all, scope: hours_cell(one.hours_mean, scope)),
    (gettext_lazy("Longest hours"), lambda one, _all, scope: hours_cell(one.hours_longest, scope)),
    (gettext_lazy("Satisfied"), lambda one, _all, scope: count_cell(one, "satisfied", scope)),
    (gettext_lazy("Fair"), lambda one, _all, scope: count_cell(one, "fair", scope)),
    (
        gettext_lazy("Dissatisfied"),
        lambda one, _all, scope: count_cell(one, "dissatisfied", scope, tone="late"),
    ),
)
CAUSE_COLUMNS: tuple[Column, ...] = (
    (gettext_lazy("Cases"), lambda one, _all, scope: count_cell(one, "with_cause", scope)),
    (
        gettext_lazy("Share"),
        lambda one, whole, scope: share_cell(
            one["with_cause"] / whole["with_cause"] if whole["with_cause"] else None,
            "with_cause",
            scope,
        ),
    ),
    (
        gettext_lazy("With corrective action"),
        lambda one, _all, scope: count_cell(one, "corrected", scope),
    ),
    (gettext_lazy("Won back"), lambda one, _all, scope: count_cell(one, "won_back", scope)),
)


def _line(
    name: str, tally: Tally, whole: Tally, scope: Scope, *, columns: Iterable[Column] = COLUMNS,
    depth: int = 0,
) -> Line:  # fmt: skip
    counted = "with_cause" if columns is CAUSE_COLUMNS else RECEIVED
    cells = [cell(tally, whole, scope) for _label, cell in columns]
    part = tally[counted] / whole[counted] if whole[counted] else 0.0
    return Line(name, cells, depth=depth, part=part, is_below=depth > 0)


def _has_something(tally: Tally) -> bool:
    return any(tally.counts.values())


def class_table(tallies: Tallies, scope: Scope) -> FigureTable:
    """Valid, invalid and unjudged complaints, and each other kind: together they are all. (D571)"""
    names = dict(CaseKind.objects.values_list("pk", "name"))
    codes = dict(CaseKind.objects.values_list("pk", "code"))
    kept_kind = "" if scope.kind in {"", ALL_KINDS} else scope.kind
    found = []
    for (is_complaint, sort), tally in tallies.by["class"].items():
        if is_complaint:
            narrowed = scope.with_(kind=kept_kind, validity=sort)
            name = _complaint_names()[sort]
        else:
            narrowed, name = scope.with_(kind=codes[sort]), names[sort]
        order = (not is_complaint, list(_complaint_names()).index(sort) if is_complaint else 0)
        found.append((order, -tally[RECEIVED], name, tally, narrowed))
    lines = [
        _line(name, tally, tallies.whole, narrowed)
        for _order, _count, name, tally, narrowed in sorted(found, key=lambda one: one[:3])
    ]
    return _table("class", lines, tallies, scope)


def _complaint_names() -> dict[str, str]:
    return {
        "valid": _("Valid complaints"),
        "invalid": _("Invalid complaints"),
        "unjudged": _("Complaints not judged yet"),
    }


def way_table(tallies: Tallies, scope: Scope) -> FigureTable:
    """By the way customers came."""
    found = sorted(tallies.by["way"].items(), key=lambda pair: -pair[1][RECEIVED])
    lines = [
        _line(str(Case.Way(way).label), tally, tallies.whole, scope.with_(way=way))
        for way, tally in found
    ]
    return _table("way", lines, tallies, scope)


@dataclass(frozen=True)
class Node:
    """Something in a tree."""

    pk: int
    name: str
    parent: int | None


def category_table(tallies: Tallies, scope: Scope) -> FigureTable:
    """By business line, the top of the tree of categories, and below it. (D541, D569, D645)"""
    lines = _tree_lines(tallies, category_nodes(), "category", _("Without a category"), scope)
    return _table("category", lines, tallies, scope)


def category_nodes() -> list[Node]:
    """The trees of categories; where two kinds have tops of the same name, the kind is named too."""
    rows = list(
        CaseCategory.objects.filter(axis=CaseCategory.Axis.CATEGORY)
        .select_related("kind")
        .only("pk", "name", "parent_id", "kind__name")
        .order_by("position", "pk")
    )
    tops = [row.name for row in rows if row.parent_id is None]
    return [
        Node(
            row.pk,
            f"{row.name} · {row.kind.name}"
            if row.parent_id is None and tops.count(row.name) > 1
            else row.name,
            row.parent_id,
        )
        for row in rows
    ]


def department_table(tallies: Tallies, scope: Scope) -> FigureTable:
    """By department, each with those below it. (D266)"""
    rows = Department.objects.in_tree_order().values_list("pk", "name", "parent_id")
    nodes = [Node(*row) for row in rows]
    lines = _tree_lines(tallies, nodes, "department", "", scope)
    return _table("department", lines, tallies, scope)


def _tree_lines(
    tallies: Tallies, nodes: list[Node], dimension: str, without: str, scope: Scope
) -> list[Line]:
    own, children = tallies.by[dimension], children_of(nodes)
    whole = {node.pk: Tally() for node in nodes}

    def add_up(node: Node) -> Tally:
        for child in children.get(node.pk, []):
            whole[node.pk].add_tally(add_up(child))
        whole[node.pk].add_tally(own.get(node.pk, Tally()))
        return whole[node.pk]

    for top in children.get(None, []):
        add_up(top)

    def lines_of(parent: int | None, depth: int) -> list[Line]:
        found: list[Line] = []
        shown = [one for one in children.get(parent, []) if _has_something(whole[one.pk])]
        for node in sorted(shown, key=lambda one: -whole[one.pk][RECEIVED]):
            narrowed = scope.with_(**{dimension: str(node.pk)})
            found.append(_line(node.name, whole[node.pk], tallies.whole, narrowed, depth=depth))
            found += lines_of(node.pk, depth + 1)
        return found

    lines = lines_of(None, 0)
    if without and None in own and _has_something(own[None]):
        narrowed = scope.with_(**{dimension: NONE})
        lines.append(_line(without, own[None], tallies.whole, narrowed))
    return lines


def children_of(nodes: list[Node]) -> dict[int | None, list[Node]]:
    """The nodes below each; one whose parent is not among them stands at the top."""
    known = {node.pk for node in nodes}
    found: dict[int | None, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.parent if node.parent in known else None, []).append(node)
    return found


def cause_table(tallies: Tallies, scope: Scope) -> FigureTable:
    """Root causes of what was archived, the most frequent first, those that make up 80 % marked. (D067, D494)"""
    names = dict(
        CaseCategory.objects.filter(axis=CaseCategory.Axis.CAUSE).values_list("pk", "name")
    )
    found = [(pk, tally) for pk, tally in tallies.by["cause"].items() if pk and tally["with_cause"]]
    whole, before, lines = tallies.whole, 0, []
    for pk, tally in sorted(found, key=lambda one: (-one[1]["with_cause"], names[one[0]])):
        line = _line(names[pk], tally, whole, scope.with_(cause=str(pk)), columns=CAUSE_COLUMNS)
        is_vital = before < VITAL_FEW * whole["with_cause"]
        before += tally["with_cause"]
        running = Cell(
            share_text(before / whole["with_cause"]), round(100 * before / whole["with_cause"], 1)
        )
        cells = [*line.cells[:2], running, *line.cells[2:]]
        lines.append(Line(line.name, cells, part=line.part, tone="vital" if is_vital else ""))
    columns = [label for label, _cell in CAUSE_COLUMNS]
    foot = _line(_("Together"), whole, whole, scope, columns=CAUSE_COLUMNS)
    cells = [*foot.cells[:2], Cell(""), *foot.cells[2:]]
    return FigureTable(
        code="cause",
        heading=HEADINGS["cause"],
        words=WORDS["cause"],
        first=gettext_lazy("Root cause"),
        columns=[*columns[:2], gettext_lazy("Added up"), *columns[2:]],
        lines=lines,
        foot=Line(foot.name, cells) if lines else None,
    )


def _table(code: str, lines: list[Line], tallies: Tallies, scope: Scope) -> FigureTable:
    return FigureTable(
        code=code,
        heading=HEADINGS[code],
        words=WORDS[code],
        first=FIRST[code],
        columns=[label for label, _cell in COLUMNS],
        lines=lines,
        foot=_line(_("Together"), tallies.whole, tallies.whole, scope) if lines else None,
    )


HEADINGS: dict[str, Label] = {
    "class": gettext_lazy("By class"),
    "category": gettext_lazy("By business line"),
    "department": gettext_lazy("By department"),
    "way": gettext_lazy("By the way they came"),
    "cause": gettext_lazy("Root causes"),
}
FIRST: dict[str, Label] = {
    "class": gettext_lazy("Class"),
    "category": gettext_lazy("Category"),
    "department": gettext_lazy("Department"),
    "way": gettext_lazy("Way"),
}
WORDS: dict[str, Label] = {
    "class": gettext_lazy(
        "Complaints by whether they were found valid, other matters by kind; together they are all."
    ),
    "category": gettext_lazy(
        "Each line is counted with what stands below it. Hours run from acceptance to the result."
    ),
    "department": gettext_lazy("The department that answers for the case, with those below it."),
    "way": gettext_lazy("How the customer came to us."),
    "cause": gettext_lazy(
        "What was archived in the period with a root cause. The marked causes make up four fifths of all."
    ),
}


def all_tables(tallies: Tallies, scope: Scope) -> list[FigureTable]:
    """Every table of the page, in its order."""
    makers: tuple[Callable[[Tallies, Scope], FigureTable], ...] = (
        class_table,
        category_table,
        cause_table,
        department_table,
        way_table,
    )
    return [make(tallies, scope) for make in makers]


def facts_of(table: FigureTable) -> dict[str, Any]:
    """The table as plain values, to be kept in a report."""
    return {
        "code": table.code,
        "heading": str(table.heading),
        "first": str(table.first),
        "columns": [str(column) for column in table.columns],
        "lines": [
            {"name": line.name, "depth": line.depth, "cells": [cell.text for cell in line.cells]}
            for line in [*table.lines, *([table.foot] if table.foot else [])]
        ],
    }


def scope_names(scope: Scope) -> list[str]:
    """What the scope is narrowed to, in words."""
    names = []
    if scope.validity:
        names.append(_complaint_names()[scope.validity])
    elif not scope.kind:
        names.append(_("Complaints"))
    if scope.kind and scope.kind != ALL_KINDS:
        names += CaseKind.objects.filter(code=scope.kind).values_list("name", flat=True)
    if scope.department and scope.department != NONE:
        names += Department.objects.filter(pk=int(scope.department)).values_list("name", flat=True)
    if scope.way:
        names.append(str(Case.Way(scope.way).label))
    if scope.stage:
        names.append(str(Case.Stage(scope.stage).label))
    if scope.category == NONE:
        names.append(_("Without a category"))
    nodes = [int(one) for one in (scope.category, scope.cause) if one and one != NONE]
    names += CaseCategory.objects.filter(pk__in=nodes).order_by("pk").values_list("name", flat=True)
    return names
