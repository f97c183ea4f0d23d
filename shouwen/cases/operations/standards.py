"""Proof for GB/T 19012 that lies with the company."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.events import StandardRecorded
from shouwen.cases.models import StandardRecord
from shouwen.cases.operations.rows import words_of
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.standard import COMPANY_ITEMS
from shouwen.core.bus import publish
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.models import StoredFile


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A paper or fact that a row of the standard asks of the company."""

    row: int
    text: str
    happened_on: date
    file: StoredFile | None = None


@transaction.atomic
def record_proof(proof: Proof, *, by: Staff, at: datetime) -> StandardRecord:
    """The proof is on record for its row. Refuses a row that complaints prove by themselves, and
    days to come."""
    require(by, CasePermission.DIRECT)
    if proof.row not in COMPANY_ITEMS:
        raise Refused(_("This row is proven by the complaints themselves."))
    if proof.happened_on > local_day(at):
        raise Refused(_("This day is still to come."))
    record = StandardRecord.objects.create(
        row=proof.row,
        text=words_of(proof.text, _("Please say what it is."))[:300],
        happened_on=proof.happened_on,
        file=proof.file,
        by=by,
        at=at,
    )
    publish(StandardRecorded(record_id=record.pk, row=record.row, by_id=by.pk))
    return record
