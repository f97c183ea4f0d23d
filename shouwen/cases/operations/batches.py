"""Many cases from another program at once: each row has its own end, and a row sent twice is one case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.models import Case
from shouwen.cases.operations.opening import CaseDraft, Drawing
from shouwen.cases.operations.registering import register_cases
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.outside import OutsideCase, cases_of_keys
from shouwen.cases.refusals import KeyMeansAnother
from shouwen.core.errors import Refused
from shouwen.customers.models import Customer
from shouwen.customers.operations import Person, find_or_create_customers
from shouwen.customers.permissions import CustomerPermission


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """A row as another program sent it: its key, what it says, or why it could not be read.

    `digest` is of the row as sent. With `person` the customer is found by contact points, or opened.
    """

    key: str
    digest: str
    draft: CaseDraft | None = None
    person: Person | None = None
    refusal: Refused | None = None


@dataclass(frozen=True, kw_only=True)
class RowEnd:
    """What became of a row: the case, opened now or earlier, or its refusal."""

    key: str
    known: OutsideCase | None = None
    refusal: Refused | None = None
    is_repeated: bool = False


@transaction.atomic
def open_case_batch(rows: Sequence[BatchRow], *, by: Staff, at: datetime) -> list[RowEnd]:
    """Every row that makes sense is a case, all written in one transaction; the others say why not.

    A key of this person is one case for ever: sent again, also at the same moment by two calls, the
    first case is the answer. Refuses only whoever may not open cases.
    """
    require(by, CasePermission.OPEN)
    ends = _repeated(rows, by)
    drawn = _drawn(rows, ends, by, at)
    cases = _claimed([(row, case) for row, case in drawn.values()], by)
    _find_customers([(row, case) for row, case in drawn.values() if row.key in cases], by)
    if cases:
        register_cases(list(cases.values()), by=by, at=at)
    late = _repeated([row for row, _case in drawn.values() if row.key not in cases], by)
    opened = {
        key: RowEnd(key=key, known=OutsideCase.of(case, drawn[key][0].digest))
        for key, case in cases.items()
    }
    return _in_order(rows, ends | late | opened)


def _repeated(rows: Sequence[BatchRow], by: Staff) -> dict[str, RowEnd]:
    """The ends of rows whose keys are known already."""
    known = cases_of_keys(by, {row.key for row in rows})
    return {row.key: _same_or_refused(row, known[row.key]) for row in rows if row.key in known}


def _same_or_refused(row: BatchRow, known: OutsideCase) -> RowEnd:
    if row.digest != known.digest:
        return RowEnd(key=row.key, refusal=KeyMeansAnother(known.number))
    return RowEnd(key=row.key, known=known, is_repeated=True)


Drawn = dict[str, tuple[BatchRow, Case]]


def _drawn(rows: Sequence[BatchRow], ends: dict[str, RowEnd], by: Staff, at: datetime) -> Drawn:
    """The cases of new rows by key; what is refused is put among the ends."""
    drawing = Drawing(by=by, at=at)
    drawn: Drawn = {}
    for row in rows:
        if row.key in ends or row.key in drawn:
            continue
        try:
            drawn[row.key] = (row, _draw(drawing, row))
        except Refused as refusal:
            ends[row.key] = RowEnd(key=row.key, refusal=refusal)
    return drawn


def _draw(drawing: Drawing, row: BatchRow) -> Case:
    if row.refusal:
        raise row.refusal
    if row.draft is None:
        raise Refused(_("The request makes no sense."))
    if row.person:
        require(drawing.by, CustomerPermission.CREATE)
    return drawing.draw(row.draft)


def _claimed(drawn: Sequence[tuple[BatchRow, Case]], by: Staff) -> dict[str, Case]:
    """The cases whose key is ours now, with the id they will have; another call has the rest.

    Claimed in one order for everybody: two calls with the same keys wait, and never for each other.
    """
    if not drawn:
        return {}
    ids = _next_ids(len(drawn))
    wanted = sorted((row.key, row.digest, pk) for (row, _case), pk in zip(drawn, ids, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO case_outside_key (by_id, key, digest, case_id)"
            " SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::bigint[])"
            " ON CONFLICT (by_id, key) DO NOTHING RETURNING key, case_id",
            [by.pk, *map(list, zip(*wanted, strict=True))],
        )
        ours = dict(cursor.fetchall())
    for row, case in drawn:
        case.pk = ours.get(row.key)
    return {row.key: case for row, case in drawn if row.key in ours}


def _next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('service_case', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _find_customers(drawn: Sequence[tuple[BatchRow, Case]], by: Staff) -> None:
    """Customers that are named by contact points have their files; in one order for everybody."""
    named = [(row.person, case) for row, case in drawn if row.person]
    named.sort(key=lambda pair: (list(pair[0].contacts), pair[0].name))
    if not named:
        return
    people = [person for person, _case in named]
    found = find_or_create_customers(people, by=by, source=Customer.Source.API)
    for (_person, case), customer in zip(named, found, strict=True):
        case.customer = customer


def _in_order(rows: Sequence[BatchRow], ends: dict[str, RowEnd]) -> list[RowEnd]:
    """One end a row; a key that stands twice in one call is opened by its first row."""
    first: dict[str, str] = {}
    told: list[RowEnd] = []
    for row in rows:
        end = ends[row.key]
        is_again = row.key in first
        first.setdefault(row.key, row.digest)
        if is_again and end.known and first[row.key] != row.digest:
            end = RowEnd(key=row.key, refusal=KeyMeansAnother(end.known.number))
        told.append(replace(end, is_repeated=True) if is_again and end.known else end)
    return told
