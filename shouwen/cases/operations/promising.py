"""Promises to the customer: a clock each, and a word before one is broken."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import PromiseInTrouble, PromiseKept, PromiseMade
from shouwen.cases.models import Case, CasePromise
from shouwen.cases.operations.rows import (
    announce,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
    words_of,
)
from shouwen.core.errors import Refused
from shouwen.deadlines.operations import Promise, meet_deadline, start_deadline

SUBJECT = "case_promise"
KIND = "promise"
WARN_MINUTES = 30


@transaction.atomic
def promise_customer(
    case_id: int, *, text: str, due_at: datetime, by: Staff, at: datetime
) -> CasePromise:
    """What was promised has a clock of its own, with a reminder before. (D155, D357, D549)

    Refuses a time that has passed.
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if due_at <= at:
        raise Refused(_("The promised time has passed already."))
    row = CasePromise.objects.create(
        case=case,
        text=words_of(text, _("Please say what was promised."))[:300],
        by=by,
        at=at,
        due_at=due_at,
    )
    clock = Promise(until=due_at, warn_minutes=WARN_MINUTES)
    start_deadline(SUBJECT, row.pk, kind=KIND, promise=clock, at=at, by=by)
    save_news(case, at)
    announce(PromiseMade, case, by=by, promise_id=row.pk, due_at=due_at)
    return row


@transaction.atomic
def keep_promise(promise_id: int, *, by: Staff, at: datetime) -> CasePromise:
    """The promise is kept; late is written down as late. Kept before stays as it was."""
    row, case = _promise(promise_id)
    require_hand_on(case, by)
    if row.kept_at:
        return row
    row.kept_at = at
    row.save(update_fields=["kept_at"])
    meet_deadline(SUBJECT, row.pk, kind=KIND, at=at, by=by)
    save_news(case, at)
    announce(PromiseKept, case, by=by, promise_id=row.pk, was_in_time=at <= row.due_at)
    return row


@transaction.atomic
def report_trouble(promise_id: int, *, trouble: str, by: Staff, at: datetime) -> CasePromise:
    """Something came up within the term: the customer must be told before the promise is broken. (D550)"""
    row, case = _promise(promise_id)
    require_hand_on(case, by)
    if row.kept_at:
        raise Refused(_("This promise was kept already."))
    row.trouble, row.trouble_at, row.customer_told_at = reason_of(trouble), at, None
    row.save(update_fields=["trouble", "trouble_at", "customer_told_at"])
    save_news(case, at)
    announce(PromiseInTrouble, case, by=by, promise_id=row.pk, trouble=row.trouble)
    return row


@transaction.atomic
def tell_customer_of_trouble(promise_id: int, *, by: Staff, at: datetime) -> CasePromise:
    """The customer has been told; told before stays as it was."""
    row, case = _promise(promise_id)
    require_hand_on(case, by)
    if row.trouble_at is None:
        raise Refused(_("Nothing has come up with this promise."))
    row.customer_told_at = row.customer_told_at or at
    row.save(update_fields=["customer_told_at"])
    save_news(case, at)
    return row


def _promise(promise_id: int) -> tuple[CasePromise, Case]:
    case = open_case_row(CasePromise.objects.values_list("case_id", flat=True).get(pk=promise_id))
    return CasePromise.objects.select_for_update(of=("self",)).get(pk=promise_id), case
