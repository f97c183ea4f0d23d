"""The ticket of a customer's form: when it was shown, and the one key that its sending has. Pure.

It stands for the cookie and the puzzle that others ask of a stranger: a form that was never shown,
or that is sent faster than a person types, opens no case.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.core import signing

SALT = "cases.form-ticket"
QUICKEST = timedelta(seconds=3)
OLDEST = timedelta(days=7)


@dataclass(frozen=True)
class Ticket:
    """One showing of a form; `key` makes its sending unique."""

    purpose: str
    key: UUID
    shown_at: datetime

    def signed(self) -> str:
        """As it stands in the form."""
        written = [self.purpose, self.key.hex, int(self.shown_at.timestamp())]
        return signing.dumps(written, salt=SALT)

    def is_too_quick(self, at: datetime) -> bool:
        """Nobody types that fast."""
        return at - self.shown_at < QUICKEST


def new_ticket(purpose: str, *, at: datetime) -> Ticket:
    """The form is shown now."""
    return Ticket(purpose, uuid4(), at)


def ticket_of(text: str, purpose: str, *, at: datetime) -> Ticket | None:
    """The ticket that we signed for this purpose within a week; None for anything else."""
    try:
        written = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    ticket = Ticket(written[0], UUID(hex=written[1]), datetime.fromtimestamp(written[2], tz=UTC))
    is_fresh = timedelta(0) <= at - ticket.shown_at + timedelta(seconds=1) <= OLDEST
    return ticket if ticket.purpose == purpose and is_fresh else None
