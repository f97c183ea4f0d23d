"""The lists of cases by what is to be done about them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases.models import CaseQuerySet
from shouwen.cases.queries.cases import tasks_for, visible_cases
from shouwen.core.counting import SHOWN_MOST, counts_of

NEAR = timedelta(hours=4)
NEWEST, OLDEST = ("-opened_at", "-pk"), ("opened_at", "pk")
MOST_URGENT = ("due_at", "pk")
Narrow = Callable[[CaseQuerySet, Staff, datetime], CaseQuerySet]


@dataclass(frozen=True)
class Tab:
    """A list: its name, what stands in it, in which order, whether its number is shown."""

    label: str | Promise
    narrow: Narrow
    order: tuple[str, ...]
    is_counted: bool = True


TABS: dict[str, Tab] = {
    "open": Tab(_("Open"), lambda cases, _staff, _at: cases.open(), NEWEST, is_counted=False),
    "mine": Tab(
        _("Mine"),
        lambda cases, staff, _at: cases.open().filter(handler=staff),
        NEWEST,
    ),
    "unaccepted": Tab(_("To accept"), lambda cases, _staff, _at: cases.unaccepted(), OLDEST),
    "late": Tab(_("Overdue"), lambda cases, _staff, at: cases.overdue(at), MOST_URGENT),
    "near": Tab(
        _("Due soon"),
        lambda cases, _staff, at: cases.near(at, within=NEAR),
        MOST_URGENT,
    ),
    "first": Tab(
        _("Asked me first"),
        lambda cases, staff, _at: cases.asked_first(staff),
        OLDEST,
    ),
    "handed": Tab(
        _("Handed to us"),
        lambda cases, staff, _at: cases.open().filter(pk__in=tasks_for(staff).values("case")),
        NEWEST,
    ),
    "silent": Tab(
        _("Silent for a day"),
        lambda cases, _staff, at: cases.silent(at, hours=24),
        ("last_progress_at", "pk"),
    ),
    "archived": Tab(
        _("Archive"), lambda cases, _staff, _at: cases.closed(), NEWEST, is_counted=False
    ),
}


def cases_in_tab(
    staff: Staff, tab: str, *, at: datetime, kind: str = "", words: str = ""
) -> CaseQuerySet:
    """The cases of a list that this person may see, in its order, narrowed by kind and by words."""
    found = TABS[tab].narrow(visible_cases(staff), staff, at).order_by(*TABS[tab].order)
    if kind:
        found = found.filter(kind__code=kind)
    if words:
        found = found.filter(search__words=words)
    return found


@dataclass(frozen=True)
class ShownTab:
    """A tab with its number, counted no further than the screen shows."""

    code: str
    label: str | Promise
    count: int | None
    is_current: bool


def tab_counts(staff: Staff, current: str, *, at: datetime) -> list[ShownTab]:
    """The lists with how many stand in each, counted up to a hundred. One query."""
    counted = {
        code: tab.narrow(visible_cases(staff), staff, at)
        for code, tab in TABS.items()
        if tab.is_counted
    }
    counts = counts_of(counted, most=SHOWN_MOST)
    return [
        ShownTab(code, tab.label, counts.get(code), is_current=code == current)
        for code, tab in TABS.items()
    ]
