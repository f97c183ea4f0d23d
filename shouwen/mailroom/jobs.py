"""Background entry points of the mailroom."""

from datetime import timedelta

from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.core.jobs import enqueue, every, job
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations import announce_arrival, understand_inbound, work_on_inbound
from shouwen.mailroom.workflow import STUCK_AFTER

_AT_ONCE = 500


@job
def understand(*, inbound_id: int) -> None:
    """Read a mail that arrived; runs twice without harm."""
    work_on_inbound(inbound_id, _understand)


def _understand(inbound: Inbound) -> None:
    if inbound.understood_at is None:
        understand_inbound(inbound, by=system_staff())
    else:
        announce_arrival(inbound.pk, automatic=inbound.automatic, by=system_staff())


@every("*/5 * * * *")
def pick_up_what_waits() -> None:
    """What has waited too long for its job is put on its way again, or ends in quarantine."""
    waiting = Inbound.objects.waiting().filter(channel="mail")
    late = waiting.filter(updated_at__lt=timezone.now() - STUCK_AFTER)
    for inbound_id in late.order_by("updated_at").values_list("pk", flat=True)[:_AT_ONCE]:
        enqueue(
            understand,
            at=timezone.now() + timedelta(seconds=1),
            key=f"inbound:{inbound_id}",
            inbound_id=inbound_id,
        )
