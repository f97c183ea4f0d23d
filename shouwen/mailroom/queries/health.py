"""How the mail stands, for the health page: when something last came, what does not get out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwen.accounts.models import Staff
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.queries.lists import visible_inbound, visible_outbound

# A queued mail that is not handed over within this time is worth a look.
LATE_AFTER = timedelta(minutes=10)
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class MailStanding:
    """What does not go on by itself."""

    late: int
    oldest_late_at: datetime | None
    failed: int
    quarantined: int
    last_error: str


def last_arrival(mailbox: Mailbox) -> datetime | None:
    """When the last mail of this mailbox was taken in."""
    last: datetime | None = (
        Inbound.objects.filter(mailbox=mailbox)
        .order_by("-pk")
        .values_list("received_at", flat=True)
        .first()
    )
    return last


def mail_standing(staff: Staff, *, at: datetime) -> MailStanding:
    """Mails that wait too long to leave, that failed within a week, and that are in quarantine."""
    outbound = visible_outbound(staff)
    waiting = outbound.filter(state__in=[Outbound.State.QUEUED, Outbound.State.SENDING])
    late = waiting.filter(created_at__lt=at - LATE_AFTER).order_by("created_at")
    oldest = late.first()
    return MailStanding(
        late=late.count(),
        oldest_late_at=oldest.created_at if oldest else None,
        failed=outbound.in_trouble().filter(updated_at__gt=at - LATELY).count(),
        quarantined=visible_inbound(staff).quarantined().count(),
        last_error=oldest.last_error if oldest else "",
    )


def unsettled_mails() -> dict[str, int]:
    """Counts by state: in (received, quarantined) and out (queued, sending, failed, given_up)."""
    outbound = Outbound.State
    unsent = [outbound.QUEUED, outbound.SENDING, outbound.FAILED, outbound.GIVEN_UP]
    counts = {str(state): Outbound.objects.filter(state=state).count() for state in unsent}
    return counts | {
        "received": Inbound.objects.waiting().count(),
        "quarantined": Inbound.objects.quarantined().count(),
    }
