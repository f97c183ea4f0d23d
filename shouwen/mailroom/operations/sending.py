"""The steps of handing over: claim with a lease, keep it alive, record what came of it.

A row is `sending` in the database before the first word to the mail server. Its holder renews the
lease; a lease that has run out is suspected first, and only if its holder has not spoken up within
the grace is the row queued again. So a stalled database or a paused network gives nobody two senders.
"""

import logging
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from shouwen.accounts.models import Staff
from shouwen.core.bus import Event, publish
from shouwen.mailroom.carriers.base import HandOver
from shouwen.mailroom.events import (
    OutboundFailed,
    OutboundGivenUp,
    OutboundHandedOver,
    OutboundPostponed,
)
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations.facts import about
from shouwen.mailroom.workflow import LEASE, LEASE_GRACE, pause_after

logger = logging.getLogger(__name__)
State = Outbound.State


@transaction.atomic
def claim_due(*, at: datetime, limit: int) -> list[Outbound]:
    """Up to `limit` rows that are due are now this worker's, each with a lease of its own.

    Never a row whose thing has an earlier mail that is still to leave: order within a
    conversation is kept. Rows that another worker holds are passed over.
    """
    earlier = Outbound.objects.filter(
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        pk__lt=OuterRef("pk"),
        state__in=[State.QUEUED, State.SENDING],
    )
    due = (
        Outbound.objects.due(at)
        .filter(Q(mailbox__isnull=True) | Q(mailbox__is_active=True))
        .filter(~Exists(earlier))
        .select_related("mailbox")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("priority", "next_try_at", "pk")[:limit]
    )
    claimed = list(due)
    for outbound in claimed:
        outbound.state, outbound.attempts = State.SENDING, outbound.attempts + 1
        outbound.lease, outbound.leased_until = secrets.token_hex(16), at + LEASE
        outbound.suspected_at = None
        outbound.save(
            update_fields=[
                *("state", "attempts", "lease", "leased_until", "suspected_at", "updated_at")
            ]
        )
    return claimed


def renew_lease(outbound_id: int, lease: str, *, at: datetime) -> bool:
    """The holder is alive; says whether it still holds the row."""
    held = Outbound.objects.filter(pk=outbound_id, lease=lease, state=State.SENDING)
    return bool(held.update(leased_until=at + LEASE, suspected_at=None))


def release_suspects(*, at: datetime) -> int:
    """Rows of dead workers are queued again; returns how many.

    A lease that has run out makes a suspect; a suspect that stays silent for the grace is released.
    """
    late = Outbound.objects.filter(state=State.SENDING, leased_until__lt=at)
    late.filter(suspected_at__isnull=True).update(suspected_at=at)
    silent = late.filter(suspected_at__lt=at - LEASE_GRACE)
    return silent.update(
        state=State.QUEUED, next_try_at=at, lease="", leased_until=None, suspected_at=None
    )


def note_taken(outbound_id: int, lease: str, *, still_pending: list[str], at: datetime) -> None:
    """The server took it for all others: one statement, after which a worker may die and repeats nothing.

    The fact is published by `record_hand_over`, at once or by the worker that comes after a dead one.
    """
    held = Outbound.objects.filter(pk=outbound_id, lease=lease, state=State.SENDING)
    held.update(pending=still_pending, handed_over_at=at)


@transaction.atomic
def record_hand_over(
    outbound_id: int, lease: str, outcome: HandOver, *, at: datetime, by: Staff
) -> Outbound:
    """What the server took is handed over, what it refused is failed, the rest waits for its next try.

    Recorded even when the lease was lost meanwhile: what the server has taken it has taken.
    """
    outbound = Outbound.objects.select_for_update(of=("self",)).get(pk=outbound_id)
    if outbound.lease != lease:
        logger.warning("outbound %d: lease lost during the hand-over", outbound_id)
        if not outcome.accepted:
            return outbound
    outbound.pending = [one for one in outbound.pending if one in outcome.postponed]
    outbound.refusals = outbound.refusals | outcome.refused
    outbound.last_error = outcome.error[:2000]
    event = _settle(outbound, outcome, at=at, by=by)
    outbound.lease, outbound.leased_until, outbound.suspected_at = "", None, None
    outbound.save()
    if event:
        publish(event)
    return outbound


def _settle(outbound: Outbound, outcome: HandOver, *, at: datetime, by: Staff) -> Event | None:
    """Set the state that follows; the fact that is, or None for one more try among many."""
    error, facts = outcome.error, about(outbound)
    if outcome.accepted:
        outbound.handed_over_at = at
    if outbound.pending and at < outbound.give_up_at:
        outbound.state = State.QUEUED
        outbound.next_try_at = at + pause_after(outbound.attempts)
        is_first = outbound.attempts == 1
        return OutboundPostponed(**facts, error=error, by_id=by.pk) if is_first else None
    if outbound.pending:
        outbound.state = State.GIVEN_UP
        return OutboundGivenUp(**facts, error=error, by_id=by.pk)
    if outbound.handed_over_at is None:
        outbound.state = State.FAILED
        return OutboundFailed(**facts, error=error, by_id=by.pk)
    outbound.state = State.HANDED_OVER
    return OutboundHandedOver(**facts, refused=list(outbound.refusals), by_id=by.pk)
