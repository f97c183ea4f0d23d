"""The ledger (台账): registered cases line by line, the same on the page, in Excel and on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import FieldType
from shouwen.cases.models import Case, CaseQuerySet, FollowUpDuty
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.pages import masked_phone
from shouwen.cases.queries.standard import lacking
from shouwen.core.clock import day_bounds
from shouwen.customers.models import ContactPoint
from shouwen.customers.queries import shown_name

NEWEST = ("-opened_at", "-pk")
IN_ORDER = ("pk",)
BOOK_LINES = 500  # of one printed volume


@dataclass(frozen=True, kw_only=True)
class LedgerAsked:
    """What the ledger is narrowed to; days are days of registration, both ends within."""

    since: date
    until: date
    kind: str = ""
    department_id: int | None = None
    way: str = ""
    validity: str = ""
    state: str = ""
    words: str = ""
    gap: str = ""

    @property
    def is_whole_month(self) -> bool:
        """From the first to the last day of one month."""
        return self.since.day == 1 and next_month(self.since) == self.until + timedelta(days=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def ledger_cases(staff: Staff, asked: LedgerAsked) -> CaseQuerySet:
    """The cases of the ledger that this person may read, with all that a line needs. (D573)"""
    start, end = day_bounds(asked.since)[0], day_bounds(asked.until)[1]
    found = visible_cases(staff).filter(opened_at__gte=start, opened_at__lt=end)
    wanted = {
        "kind__code": asked.kind,
        "department": asked.department_id,
        "way": asked.way,
        "validity": asked.validity,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if asked.state:
        found = found.closed() if asked.state == "archived" else found.open()
    if asked.words:
        found = found.filter(search__words=asked.words)
    if asked.gap:
        found = lacking(found, asked.gap)
    return found


def with_ledger_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With all that the lines say, in three queries whatever their number."""
    told = FollowUpDuty.objects.exclude(result="").order_by("pk")
    return (
        cases.select_related(
            "kind", "category", "customer", "department", "handler", "first_responder"
        )
        .prefetch_related(Prefetch("follow_ups", queryset=told))
        .defer("search", "customer__search", "corrective_action")
    )


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One line of the ledger: what COLUMNS names, in that order."""

    case_id: int
    number: str
    registered_at: datetime
    kind: str
    nature: str
    way: str
    customer: str
    phone: str
    place: str
    matter: str
    demand: str
    first_responder: str
    handler: str
    department: str
    validity: str
    result: str
    answered_at: datetime | None
    follow_up: str
    archived_at: datetime | None


COLUMNS: dict[str, str | Promise] = {
    "number": gettext_lazy("Number"),
    "registered_at": gettext_lazy("Registered"),
    "kind": gettext_lazy("Kind"),
    "nature": gettext_lazy("Nature"),
    "way": gettext_lazy("Came"),
    "customer": gettext_lazy("Customer"),
    "phone": gettext_lazy("Phone"),
    "place": gettext_lazy("Place"),
    "matter": gettext_lazy("Matter in detail"),
    "demand": gettext_lazy("What is to be solved"),
    "first_responder": gettext_lazy("First asked"),
    "handler": gettext_lazy("Handler"),
    "department": gettext_lazy("Department"),
    "validity": gettext_lazy("Valid or not"),
    "result": gettext_lazy("Result"),
    "answered_at": pgettext_lazy("ledger", "Answered"),
    "follow_up": gettext_lazy("Follow-up"),
    "archived_at": pgettext_lazy("ledger", "Archived"),
}


def ledger_lines(
    cases: Sequence[Case], staff: Staff, *, is_clear: bool = False
) -> Iterator[LedgerLine]:
    """The lines of these cases; names as this person may see them, phones masked unless `is_clear`."""
    without = [one for one in cases if not _own_phone(one)]
    phones = _phones_of(without)
    for case in cases:
        own, known = _own_phone(case), phones.get(case.customer_id)
        phone = own if is_clear else masked_phone(own) if own else ""
        if known and not own:
            phone = known.clear if is_clear else known.masked
        name = case.customer.display_name if is_clear else shown_name(case.customer, staff)
        yield _line(case, name, phone)


def _line(case: Case, name: str, phone: str) -> LedgerLine:
    kind = f"{case.kind.name} · {case.category.name}" if case.category else case.kind.name
    follow_ups = list(case.follow_ups.all())
    return LedgerLine(
        case_id=case.pk,
        number=case.number,
        registered_at=case.opened_at,
        kind=kind,
        nature=nature_of(case),
        way=str(case.get_way_display()),
        customer=name,
        phone=phone,
        place=case.place,
        matter=case.matter,
        demand=case.demand,
        first_responder=case.first_responder.name,
        handler=case.handler.name if case.handler else "",
        department=case.department.name,
        validity=str(case.get_validity_display()) if case.validity else "",
        result=case.result,
        answered_at=case.answered_at,
        follow_up=str(follow_ups[-1].get_result_display()) if follow_ups else "",
        archived_at=case.closed_at,
    )


def nature_of(case: Case) -> str:
    """How it was graded, in words: the two scales apart."""
    grave = _("Major") if case.is_major else _("Ordinary")
    urgent = _("Special or urgent") if case.is_urgent else ""
    return "、".join(one for one in (grave, urgent) if one)


def _own_phone(case: Case) -> str:
    """The number that stands on the form."""
    for field in case.kind.defined.fields:
        if field.type == FieldType.PHONE and case.values.get(field.code):
            return str(case.values[field.code])
    return ""


def _phones_of(cases: Sequence[Case]) -> dict[int, ContactPoint]:
    customers = {one.customer_id for one in cases}
    if not customers:
        return {}
    points = ContactPoint.objects.filter(customer__in=customers, kind="phone")
    return {point.customer_id: point for point in points.order_by("customer", "is_primary", "-pk")}


@dataclass(frozen=True)
class Months:
    """The ways to the month before, the month after, and back."""

    before: tuple[date, date]
    after: tuple[date, date]


def months_around(asked: LedgerAsked) -> Months:
    """The whole months before and after what is asked for."""
    first, later = asked.since.replace(day=1), next_month(asked.until)
    last = first - timedelta(days=1)
    return Months((last.replace(day=1), last), (later, next_month(later) - timedelta(days=1)))


@dataclass(frozen=True)
class PlaceInBook:
    """Which lines of how many a printed volume holds, and its number."""

    volume: int
    volumes: int
    first: int
    last: int
    total: int


def place_in_book(found: QuerySet[Case], rows: Sequence[Case]) -> PlaceInBook:
    """Where these rows stand among all that were found; an empty book is one volume."""
    total = found.count()
    before = found.filter(pk__lt=rows[0].pk).count() if rows else 0
    volumes = max(1, -(-total // BOOK_LINES))
    return PlaceInBook(
        volume=before // BOOK_LINES + 1,
        volumes=volumes,
        first=before + 1 if rows else 0,
        last=before + len(rows),
        total=total,
    )
