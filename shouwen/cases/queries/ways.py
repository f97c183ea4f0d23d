"""How cases came, in the four ways of the rule book: in person, by letter, by phone, otherwise. (D678, D692)"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case
from shouwen.cases.queries.cases import visible_cases

Way = Case.Way
FOUR: dict[str, tuple[str | Promise, frozenset[str]]] = {
    "visit": (_("In person"), frozenset({Way.VISIT})),
    "letter": (_("By letter"), frozenset({Way.LETTER})),
    "call": (_("By phone"), frozenset({Way.CALL})),
    "other": (_("Otherwise"), frozenset(set(Way) - {Way.VISIT, Way.LETTER, Way.CALL})),
}


@dataclass(frozen=True)
class CountedWay:
    """One of the four, and how many came so."""

    code: str
    label: str | Promise
    count: int


def complaints_by_way(staff: Staff, *, since: datetime, until: datetime) -> list[CountedWay]:
    """Complaints this person may see, registered in the span, by the four ways. One query."""
    found = visible_cases(staff).complaints().filter(opened_at__gte=since, opened_at__lt=until)
    counts = dict(found.order_by().values_list("way").annotate(Count("pk")))
    return [
        CountedWay(code, label, sum(counts.get(way, 0) for way in ways))
        for code, (label, ways) in FOUR.items()
    ]
