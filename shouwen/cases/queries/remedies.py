"""Remedies as a queue: refunds and the like, with amount, reason and state."""

from collections.abc import Sequence

from django.db.models import QuerySet, Sum

from shouwen.accounts.models import Staff
from shouwen.cases.models import CaseKind, Remedy
from shouwen.cases.queries.cases import visible_cases

State = Remedy.State
# Not over yet: somebody has to decide, to ask the customer, or to pay.
OPEN_STATES = (State.WAITING, State.OFFERED, State.ACCEPTED)


def remedy_queue(
    staff: Staff, *, code: str = "", states: Sequence[str] = OPEN_STATES
) -> QuerySet[Remedy]:
    """Remedies of the cases this person sees, in these states, the oldest first. (D400)"""
    rows = Remedy.objects.filter(case__in=visible_cases(staff), state__in=states)
    if code:
        rows = rows.filter(code=code)
    named = rows.select_related("case__customer", "case__kind", "by", "approval")
    return named.order_by("at", "pk")


def total_fen(rows: QuerySet[Remedy]) -> int:
    """What they amount to together, in fen."""
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0


def remedy_kinds() -> dict[str, str]:
    """The remedies with an amount that any kind of case offers: name by code."""
    offered = (one for kind in CaseKind.objects.order_by("pk") for one in kind.defined.remedies)
    return {one.code: one.name for one in offered if one.has_amount}
