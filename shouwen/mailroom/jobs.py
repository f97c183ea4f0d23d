"""Background entry points of the mailroom."""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.core.jobs import enqueue, every, job
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations import (
    claim_waiting,
    desk_of,
    understand_inbounds,
    work_on_group,
    work_on_inbound,
)
from shouwen.mailroom.workflow import STUCK_AFTER

_AT_ONCE = 500
SECONDS_A_JOB = 5.0
LOOK_AGAIN = timedelta(seconds=1)
TRY_AGAIN = timedelta(seconds=3)


@job
def understand_waiting(*, mailbox_id: int | None) -> None:
    """Read what waits in this mailbox, group after group, in its order; one job at a time.

    Whoever comes meanwhile looks again a moment later, when all that was announced to it is there.
    """
    with desk_of(mailbox_id) as is_ours:
        if is_ours and not _read_groups(mailbox_id):
            return
    at = timezone.now() + LOOK_AGAIN
    enqueue(understand_waiting, at=at, key=f"mailroom:{mailbox_id}", mailbox_id=mailbox_id)


def _read_groups(mailbox_id: int | None) -> bool:
    """Says whether there is more than fits into the time of one job."""
    end = time.monotonic() + SECONDS_A_JOB
    while group := claim_waiting(mailbox_id):
        for inbound_id in work_on_group(group, _understand):
            _try_again(inbound_id, at=timezone.now() + TRY_AGAIN)
        if time.monotonic() > end:
            return True
    return False


@job
def understand(*, inbound_id: int) -> None:
    """Read one mail that failed before; runs twice without harm."""
    work_on_inbound(inbound_id, _understand)


def _understand(inbounds: list[Inbound]) -> None:
    understand_inbounds(inbounds, by=system_staff())


def _try_again(inbound_id: int, *, at: datetime) -> None:
    enqueue(understand, at=at, key=f"inbound:{inbound_id}", inbound_id=inbound_id)


@every("*/5 * * * *")
def pick_up_what_waits() -> None:
    """What has waited too long for its job is put on its way again, or ends in quarantine."""
    at = timezone.now()
    late = Inbound.objects.waiting().filter(channel="mail", updated_at__lt=at - STUCK_AFTER)
    ids = late.order_by("updated_at").values_list("pk", flat=True)[:_AT_ONCE]
    for inbound_id in ids:
        _try_again(inbound_id, at=at + LOOK_AGAIN)
