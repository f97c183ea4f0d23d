"""What every event about an outbound row tells."""

from typing import TypedDict

from shouwen.mailroom.models import Outbound


class About(TypedDict):
    """The row, and the thing its mail is about."""

    outbound_id: int
    subject_kind: str
    subject_id: int | None


def about(outbound: Outbound) -> About:
    """The fields that every OutboundEvent begins with."""
    return About(
        outbound_id=outbound.pk,
        subject_kind=outbound.subject_kind,
        subject_id=outbound.subject_id,
    )
