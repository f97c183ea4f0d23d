"""Whether the system is well: core checks, and what the parts report; for the page, banners, doctor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from socket import gethostname

from django.core.cache import cache
from django.db import Error, connections
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shouwen.accounts.queries import system_staff
from shouwen.core.slots import filled
from shouwen.keeping.checks import machine, storage, work
from shouwen.keeping.checks.away import database_away
from shouwen.ui.cards import HealthGroup, HealthRow

BANNER_CACHE_SECONDS = 10
Check = Callable[[datetime], list[HealthRow]]
CHECKS: tuple[Check, ...] = (
    work.worker, work.jobs, work.services, work.live, storage.database, storage.disks,
    storage.backups, machine.clock, machine.version, machine.certificate,
    machine.scanner,
)  # fmt: skip
GROUPS: dict[HealthGroup, str | Promise] = {
    "work": gettext_lazy("The work"),
    "mail": gettext_lazy("Mail in and out"),
    "storage": gettext_lazy("Where things are kept"),
    "machine": gettext_lazy("This machine"),
    "office": gettext_lazy("The office"),
}
_ORDER = list(GROUPS)


@dataclass(frozen=True)
class RowGroup:
    """Rows that belong together, under one heading."""

    name: str
    label: str | Promise
    rows: list[HealthRow]


def health_rows(request: HttpRequest, *, at: datetime) -> list[HealthRow]:
    """Everything that can be well or ill, by group, core first, then what the parts report."""
    rows = [*_of_the_machine(at), *_of_the_parts(request)]
    return sorted(rows, key=lambda row: _ORDER.index(row.group))


def _of_the_machine(at: datetime) -> list[HealthRow]:
    return [row for check in CHECKS for row in check(at)]


def _of_the_parts(request: HttpRequest) -> list[HealthRow]:
    found: list[HealthRow] = []
    for answer in filled("health.rows", request):
        found += answer if isinstance(answer, list) else [answer]
    return found


def grouped(rows: list[HealthRow]) -> list[RowGroup]:
    """The rows under their headings."""
    return [
        RowGroup(group, GROUPS[group], list(members))
        for group, members in groupby(rows, key=lambda row: row.group)
    ]


def banners(request: HttpRequest) -> list[HealthRow]:
    """What is ill and must be told on every page, looked up at most every ten seconds: the machine's
    own state once for everybody, what the parts report for each person, who may not see all of it.
    """
    rows = _remembered(
        f"keeping.banners:{gethostname()}:{get_language()}", lambda: _of_the_machine(timezone.now())
    )
    rows += _remembered(f"keeping.banners:{request.user.pk}", lambda: _of_the_parts(request))
    return sorted(rows, key=lambda row: _ORDER.index(row.group))


def _remembered(key: str, look: Callable[[], list[HealthRow]]) -> list[HealthRow]:
    known: list[HealthRow] | None = cache.get(key)
    if known is None:
        known = [row for row in look() if row.is_banner and row.state == "ill"]
        cache.set(key, known, BANNER_CACHE_SECONDS)
    return known


def examined() -> list[HealthRow]:
    """The same for the terminal, where nobody is signed in; also while the database is away."""
    at = timezone.now()
    try:
        request = HttpRequest()
        request.user = system_staff()
        return health_rows(request, at=at)
    except Error as error:
        connections.close_all()
        return [database_away(error), *storage.disks(at)]


def verdict(rows: list[HealthRow]) -> str:
    """All of it in one sentence."""
    ill = sum(row.state == "ill" for row in rows)
    near = sum(row.state == "near" for row in rows)
    if not ill and not near:
        return _("Everything is well.")
    return _("%(ill)d things are wrong, %(near)d need a look.") % {"ill": ill, "near": near}
