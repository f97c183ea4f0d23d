"""The twenty rows of GB/T 19012 for one complaint and for a quarter: found, missing, or not asked for."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, CaseQuerySet, StandardRecord
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.evidence import PLACES, evidence_words
from shouwen.cases.queries.pages import CasePage
from shouwen.cases.queries.standard import COMPANY_ITEMS, ROWS, STANDING, Item, items
from shouwen.core.clock import day_bounds, local_day

FOUND, PARTLY, MISSING, NOT_NEEDED = "found", "partly", "missing", "not-needed"
PERIODIC_DAYS = 366


@dataclass(frozen=True)
class ShownItem:
    """One thing asked for: its state, what is on record, and where it is seen."""

    name: str | Promise
    state: str
    words: str = ""
    place: str = ""
    url: str = ""
    code: str = ""
    found: int = 0
    asked: int = 0

    @property
    def lacking(self) -> int:
        """In how many complaints it is asked for and not there."""
        return self.asked - self.found


@dataclass(frozen=True)
class StandardRow:
    """A row of the standard with everything it asks for."""

    number: int
    name: str | Promise
    items: list[ShownItem] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Found only when nothing that is asked for is missing."""
        states = {one.state for one in self.items} - {NOT_NEEDED}
        if not states:
            return NOT_NEEDED
        return states.pop() if len(states) == 1 else PARTLY


@dataclass(frozen=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def code(self) -> str:
        return f"{self.year}-Q{self.number}"

    def __str__(self) -> str:
        return _("%(year)d, quarter %(number)d") % {"year": self.year, "number": self.number}


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def standard_of_case(page: CasePage) -> list[StandardRow]:
    """The rows for one complaint: each thing checked by the database, with what is on record."""
    states = _states(page.case)
    words = evidence_words(page)
    shown = {
        one.code: ShownItem(
            name=one.name,
            state=states[one.code],
            words=words[one.code] if states[one.code] == FOUND else "",
            place=PLACES.get(one.code, "form"),
            code=one.code,
        )
        for one in items()
    }
    quarter = quarter_of(local_day(page.case.opened_at))
    return _rows(shown, _company_items(quarter))


def _states(case: Case) -> dict[str, str]:
    marks = {}
    for one in items():
        marks[f"found_{one.code}"] = ExpressionWrapper(one.found, output_field=BooleanField())
        marks[f"asks_{one.code}"] = ExpressionWrapper(one.applies, output_field=BooleanField())
    row = Case.objects.filter(pk=case.pk).annotate(**marks).values(*marks).get()
    return {one.code: _state(one, row) for one in items()}


def _state(item: Item, row: dict[str, bool]) -> str:
    if not row[f"asks_{item.code}"]:
        return NOT_NEEDED
    return FOUND if row[f"found_{item.code}"] else MISSING


def complaints_of(staff: Staff, quarter: Quarter) -> CaseQuerySet:
    """The complaints registered in the quarter that this person may read."""
    start, end = day_bounds(quarter.first)[0], day_bounds(quarter.last)[1]
    return visible_cases(staff).complaints().filter(opened_at__gte=start, opened_at__lt=end)


def standard_of_quarter(staff: Staff, quarter: Quarter) -> list[StandardRow]:
    """The rows for a quarter: in how many complaints each thing is on record. One query counts all."""
    counted: dict[str, Count] = {}
    for one in items():
        counted[f"asked_{one.code}"] = Count("pk", filter=one.applies)
        counted[f"found_{one.code}"] = Count("pk", filter=one.applies & one.found)
    totals = complaints_of(staff, quarter).aggregate(**counted)
    shown = {}
    for one in items():
        found, asked = totals[f"found_{one.code}"], totals[f"asked_{one.code}"]
        shown[one.code] = ShownItem(
            one.name, _share(found, asked), code=one.code, found=found, asked=asked
        )
    return _rows(shown, _company_items(quarter))


def _share(found: int, asked: int) -> str:
    if not asked:
        return NOT_NEEDED
    return FOUND if found == asked else PARTLY if found else MISSING


def _rows(shown: dict[str, ShownItem], company: dict[int, ShownItem]) -> list[StandardRow]:
    rows = []
    for number, name in ROWS.items():
        own = [shown[one.code] for one in items() if one.row == number]
        rows.append(StandardRow(number, name, own + [company[n] for n in company if n == number]))
    return rows


def _company_items(quarter: Quarter) -> dict[int, ShownItem]:
    """What the company has on record: standing proof from any day before, the rest of a year."""
    since = quarter.last - timedelta(days=PERIODIC_DAYS)
    recent = Q(row__in=STANDING) | Q(happened_on__gt=since)
    kept = StandardRecord.objects.filter(recent, happened_on__lte=quarter.last)
    latest = {one.row: one for one in kept.select_related("file").order_by("happened_on", "pk")}
    return {
        number: _company_item(name, latest.get(number)) for number, name in COMPANY_ITEMS.items()
    }


def _company_item(name: str | Promise, record: StandardRecord | None) -> ShownItem:
    if record is None:
        return ShownItem(name, MISSING)
    return ShownItem(name, FOUND, f"{record.happened_on} {record.text}", url=record.url)
