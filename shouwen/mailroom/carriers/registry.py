"""The carriers, listed by hand."""

from shouwen.mailroom.carriers.base import Carrier
from shouwen.mailroom.carriers.email.carrier import EmailCarrier

CARRIERS: dict[str, Carrier] = {
    EmailCarrier.channel: EmailCarrier(),
}


def carrier_of(channel: str) -> Carrier:
    """The carrier of a channel; an unknown channel is a mistake of ours."""
    return CARRIERS[channel]
