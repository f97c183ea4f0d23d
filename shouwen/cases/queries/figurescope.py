"""Over what figures of cases are counted: a period, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from shouwen.accounts.models import Department, Staff
from shouwen.cases.models import Case, CaseCategory, CaseQuerySet
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.workflow import PATH
from shouwen.core.periods import Period, Span, period_asked

ALL_KINDS = "all"
NONE = "none"  # without a category, a cause, a handler: as an address says it
UNJUDGED = "unjudged"
VALIDITIES = {"valid": "valid", "invalid": "invalid", UNJUDGED: ""}
NUMBERED = ("department", "category", "cause", "handler")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A period and what narrows it; every field is a word of the address, empty for all.

    Without `kind` only complaints are counted: they are never mixed with suggestions (D212).
    """

    period: Period
    kind: str = ""
    validity: str = ""
    department: str = ""
    category: str = ""
    cause: str = ""
    handler: str = ""
    way: str = ""
    stage: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """As an address says it."""
        narrowed = {name: getattr(self, name) for name in NARROWING if getattr(self, name)}
        return {**self.period.asked, **narrowed}

    @property
    def query(self) -> str:
        """The same as one text."""
        return urlencode(self.asked)

    def with_(self, **changes: Any) -> Scope:
        """The same but for these."""
        return replace(self, **changes)


NARROWING = ("kind", "validity", "department", "category", "cause", "handler", "way", "stage")


def scope_asked(asked: Mapping[str, str], *, today: date, usual: Span = Span.MONTH) -> Scope:
    """What an address asks for; whatever cannot be read narrows nothing."""
    words = {name: asked.get(name, "") for name in NARROWING}
    for name in NUMBERED:
        if not (words[name].isascii() and words[name].isdecimal() and len(words[name]) < 10):
            words[name] = NONE if words[name] == NONE else ""
    if words["way"] not in Case.Way.values:
        words["way"] = ""
    if words["validity"] not in VALIDITIES:
        words["validity"] = ""
    if words["stage"] not in set(PATH):
        words["stage"] = ""
    words["kind"] = words["kind"].replace("\x00", "")[:40]
    period = period_asked(dict(asked.items()), today=today, usual=usual)
    return Scope(period=period, **words)


def counted_cases(staff: Staff, scope: Scope) -> CaseQuerySet:
    """The cases this person may see, narrowed to all of the scope but its period.

    A case merged into another is counted there, not twice.
    """
    found = visible_cases(staff).filter(merged_into__isnull=True).filter(_narrowed(scope))
    return found.filter(_under(scope))


def _narrowed(scope: Scope) -> Q:
    wanted = Q()
    if not scope.kind:
        wanted &= Q(is_complaint=True)
    elif scope.kind != ALL_KINDS:
        wanted &= Q(kind__code=scope.kind)
    if scope.way:
        wanted &= Q(way=scope.way)
    if scope.validity:
        wanted &= Q(validity=VALIDITIES[scope.validity])
    for name in ("cause", "handler"):
        value = getattr(scope, name)
        if value == NONE:
            wanted &= Q(**{f"{name}__isnull": True})
        elif value:
            wanted &= Q(**{f"{name}_id": int(value)})
    return wanted


def _under(scope: Scope) -> Q:
    wanted = Q()
    if scope.department and scope.department != NONE:
        above = Department.objects.filter(pk=int(scope.department)).first()
        below = Department.objects.under(above) if above else Department.objects.none()
        wanted &= Q(department__in=list(below.values_list("pk", flat=True)))
    if scope.category == NONE:
        wanted &= Q(category__isnull=True)
    elif scope.category:
        wanted &= Q(category__in=below_category(int(scope.category)))
    return wanted


def below_category(node_id: int) -> list[int]:
    """The category and all that stand below it."""
    pairs = list(CaseCategory.objects.order_by("pk").values_list("pk", "parent_id"))
    found, added = {node_id}, {node_id}
    while added:
        added = {pk for pk, parent in pairs if parent in added} - found
        found |= added
    return sorted(found)
