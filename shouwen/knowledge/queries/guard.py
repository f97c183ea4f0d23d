"""The phrase guard at work: compiled once a process, renewed when the stamp of the phrases changes."""

from django.core.cache import cache
from django.db.models import Count, F, Max, Q, Value

from shouwen.accounts.models import Department, Staff
from shouwen.core.models import HistoryEntry
from shouwen.knowledge.events import WordsGuarded
from shouwen.knowledge.guard import BLOCK, SUGGEST, Forbidden, Guard
from shouwen.knowledge.models import Taboo, TabooQuerySet

STAMP = "knowledge:guard"
STAMP_SECONDS = 2
LOG_SHOWN = 50
_guards: dict[int | None, tuple[str, Guard]] = {}


def guard_stamp() -> str:
    """Changes with every change of the phrases; other processes see it within two seconds."""
    stamp: str | None = cache.get(STAMP)
    if stamp is None:
        made = Taboo.objects.aggregate(count=Count("pk"), newest=Max("updated_at"))
        stamp = f"{made['count']}:{made['newest']}"
        cache.set(STAMP, stamp, timeout=STAMP_SECONDS)
    return stamp


def guard_of(department_id: int | None) -> Guard:
    """The guard of one department: what holds for everybody, for it, and for those above it."""
    stamp = guard_stamp()
    known = _guards.get(department_id)
    if known and known[0] == stamp:
        return known[1]
    guard = Guard(
        Forbidden(one.pk, one.text, one.severity, one.replacement, one.is_whole)
        for one in _taboos_of(department_id)
    )
    _guards[department_id] = (stamp, guard)
    return guard


def _taboos_of(department_id: int | None) -> TabooQuerySet:
    everybody = Q(department__isnull=True)
    department = Department.objects.filter(pk=department_id).first() if department_id else None
    rows = Taboo.objects.in_use().order_by("pk")
    if department is None:
        return rows.filter(everybody)
    above = Q(own_path__startswith=F("department__path"))
    return rows.alias(own_path=Value(department.path)).filter(everybody | above)


def taboo_hits(text: str, *, department_id: int | None) -> list[Forbidden]:
    """The taboo phrases in these words to a customer of this department. (D503, D632, D687)"""
    return guard_of(department_id).hits(text)


def stopping(hits: list[Forbidden]) -> list[Forbidden]:
    """Those that stop the words; a mere suggestion does not."""
    return [one for one in hits if one.severity != SUGGEST]


def may_be_reasoned(hits: list[Forbidden]) -> bool:
    """Whether a reason is enough to send them after all."""
    return all(one.severity != BLOCK for one in hits)


def taboos(words: str = "") -> TabooQuerySet:
    """The page of taboo phrases: all, or those that hold the words; those never sent first."""
    rows = Taboo.objects.select_related("department")
    if words:
        rows = rows.filter(Q(text__icontains=words) | Q(replacement__icontains=words))
    return rows.order_by("-is_active", "severity", "pk")


def guarded_lately() -> list[tuple[HistoryEntry, str]]:
    """What was refused or sent with a reason, newest first, and who wrote it."""
    rows = list(
        HistoryEntry.objects.filter(name=WordsGuarded.event_name()).order_by("-pk")[:LOG_SHOWN]
    )
    people = Staff.objects.in_bulk({one.by_id for one in rows if one.by_id})
    return [(one, people[one.by_id].name if one.by_id in people else "") for one in rows]
