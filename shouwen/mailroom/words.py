"""The facts of the ledgers in words for a reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FACTS: dict[str, str | Promise] = {
    "mailroom.InboundReceived": _("Received, its raw bytes are kept"),
    "mailroom.MailArrived": _("Read, and passed on"),
    "mailroom.InboundHandled": _("Handled"),
    "mailroom.InboundQuarantined": _("Quarantined"),
    "mailroom.InboundRetried": _("Tried again by hand"),
    "mailroom.InboundDropped": _("Dropped"),
    "mailroom.OutboundQueued": _("Queued"),
    "mailroom.OutboundHandedOver": _("Handed over to the mail server"),
    "mailroom.OutboundPostponed": _("The first try failed; it is tried again"),
    "mailroom.OutboundFailed": _("Refused"),
    "mailroom.OutboundGivenUp": _("Given up"),
    "mailroom.OutboundResent": _("Sent again by hand"),
    "mailroom.BounceArrived": _("A bounce of it arrived"),
}


def fact_in_words(name: str) -> str:
    """The fact as a person says it; of an unknown one, its name."""
    return str(FACTS.get(name, name))
