"""The email carrier: IMAP in, SMTP out."""

from django.utils.translation import gettext as _

from shouwen.mailroom.carriers.base import Check, HandOver, Hold
from shouwen.mailroom.carriers.email.inbox import open_inbox
from shouwen.mailroom.carriers.email.outbox import hand_over, open_smtp
from shouwen.mailroom.carriers.email.troubles import MAIL_ERRORS, words_of
from shouwen.mailroom.models import Mailbox, Outbound


class EmailCarrier:
    """Mail by SMTP and IMAP."""

    channel = "mail"

    def hand_over(self, outbound: Outbound, raw: bytes, *, hold: Hold) -> HandOver:
        """Offer the mail to the mailbox's server, for the recipients who do not have it yet."""
        if outbound.mailbox is None or not outbound.mailbox.smtp_host:
            words = _("This mailbox has no server for sending.")
            return HandOver(postponed=dict.fromkeys(outbound.pending, words), mailbox_error=words)
        return hand_over(outbound.mailbox, raw, list(outbound.pending), hold=hold)

    def check(self, mailbox: Mailbox) -> list[Check]:
        """Sign in to both servers."""
        checks = []
        if mailbox.imap_host:
            checks.append(_check_fetching(mailbox))
        if mailbox.smtp_host:
            checks.append(_check_sending(mailbox))
        return checks


def _check_fetching(mailbox: Mailbox) -> Check:
    try:
        with open_inbox(mailbox) as inbox:
            waiting = len(inbox.new_uids(0))
    except MAIL_ERRORS as error:
        return Check("fetch", is_well=False, words=words_of(error, mailbox.imap_host))
    return Check("fetch", is_well=True, words=_("Signed in; the folder holds %d mails.") % waiting)


def _check_sending(mailbox: Mailbox) -> Check:
    try:
        with open_smtp(mailbox) as client:
            client.noop()
    except MAIL_ERRORS as error:
        return Check("send", is_well=False, words=words_of(error, mailbox.smtp_host))
    return Check("send", is_well=True, words=_("Signed in; mail can be sent."))
