"""Opening cases: one, or many in one call."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import asks_for, require
from shouwen.cases.api.references import References, person_of
from shouwen.cases.api.shared import case_out, router
from shouwen.cases.operations.batches import BatchRow, RowEnd, open_case_batch
from shouwen.cases.operations.opening import open_case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.refusals import FormIncomplete, KeyMeansAnother, ValueUnfit
from shouwen.cases.schemas.given import CaseIn, CaseRowIn, CaseRowsIn
from shouwen.cases.schemas.shown import CaseOut, OpenedRowOut, OpenedRowsOut
from shouwen.core.errors import NotPermitted, NotThere, Refused
from shouwen.customers.models import Customer
from shouwen.customers.operations import find_or_create_customers

OPENS = asks_for(CasePermission.OPEN)


@router.post("", response=CaseOut, openapi_extra=OPENS)
@transaction.atomic
def open_one(request: StaffRequest, body: CaseIn) -> CaseOut:
    """Register a case: it has a number, a first responder (the key's person) and a running clock.

    The customer is named by number, by the conversation, or by contact points; somebody unknown
    gets a file. Refused when the form lacks what its kind asks for at acceptance.
    """
    by = request.user
    require(by, CasePermission.OPEN)
    draft = References([body], by).draft(body)
    if person := person_of(body):
        [customer] = find_or_create_customers([person], by=by, source=Customer.Source.API)
        draft = replace(draft, customer=customer)
    return case_out(open_case(draft, by=by, at=timezone.now()), by)


@router.post("/batch", response=OpenedRowsOut, openapi_extra=OPENS)
def open_many(request: StaffRequest, body: CaseRowsIn) -> HttpResponse:
    """Register many cases in one transaction, with a result for every row.

    A row that makes no sense or is refused spoils no other: it comes back with its words, and may
    be sent again. Every row has a key of your own; the same key again, in this call or in any later
    one, is the same case, and with other contents it is refused.
    """
    require(request.user, CasePermission.OPEN)
    ends: list[OpenedRowOut | None] = []
    read: list[tuple[dict[str, Any], CaseRowIn]] = []
    for raw in body.rows:
        try:
            read.append((raw, CaseRowIn.model_validate(raw)))
            ends.append(None)
        except ValidationError as error:
            ends.append(_unreadable(raw, error))
    told = iter(_opened(read, request.user))
    rows = [end or next(told) for end in ends]
    told_all = OpenedRowsOut(
        opened=sum(row.status == 200 and not row.is_repeated for row in rows),
        repeated=sum(row.is_repeated for row in rows),
        refused=sum(row.status != 200 for row in rows),
        rows=rows,
    )
    # Written as it is: read once more by the library, a thousand rows cost as much as writing them down.
    return HttpResponse(told_all.model_dump_json(), content_type="application/json; charset=utf-8")


def _opened(read: list[tuple[dict[str, Any], CaseRowIn]], by: Staff) -> list[OpenedRowOut]:
    references = References([row for _raw, row in read], by)
    rows = [_row(raw, row, references) for raw, row in read]
    return [_told(end) for end in open_case_batch(rows, by=by, at=timezone.now())]


def _row(raw: dict[str, Any], row: CaseRowIn, references: References) -> BatchRow:
    said = json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(said).hexdigest()
    try:
        draft = references.draft(row)
    except Refused as refusal:
        return BatchRow(key=row.key, digest=digest, refusal=refusal)
    return BatchRow(key=row.key, digest=digest, draft=draft, person=person_of(row))


def _unreadable(raw: dict[str, Any], error: ValidationError) -> OpenedRowOut:
    key = raw.get("key")
    return OpenedRowOut(
        key=key[:100] if isinstance(key, str) else "",
        status=422,
        error=_("The request makes no sense."),
        fields=[".".join(str(step) for step in one["loc"]) for one in error.errors()],
    )


STATUSES: tuple[tuple[type[Refused], int], ...] = (
    (NotPermitted, 403),
    (NotThere, 404),
    (KeyMeansAnother, 422),
    (Refused, 409),
)


def _told(end: RowEnd) -> OpenedRowOut:
    if end.known is None:
        refusal = end.refusal or NotThere()
        status = next(code for kind, code in STATUSES if isinstance(refusal, kind))
        return OpenedRowOut(key=end.key, status=status, error=str(refusal), fields=_fields(refusal))
    return OpenedRowOut(
        key=end.key,
        status=200,
        case_id=end.known.case_id,
        number=end.known.number,
        due_at=end.known.due_at,
        is_repeated=end.is_repeated,
    )


def _fields(refusal: Refused) -> list[str]:
    """Which form fields a refusal is about."""
    if isinstance(refusal, FormIncomplete):
        return list(refusal.missing)
    return [refusal.field] if isinstance(refusal, ValueUnfit) else []
