"""Mailboxes: set up, and how they are."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import Refused
from shouwen.mailroom.events import MailboxFailing, MailboxRecovered, MailboxSaved
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.sealing import seal

Health = Mailbox.Health
_SECRETS = ("imap_password", "smtp_password")


class MailboxIncomplete(Refused):
    """The mailbox can neither fetch nor send."""


@transaction.atomic
def save_mailbox(mailbox: Mailbox, *, passwords: dict[str, str], by: Staff) -> Mailbox:
    """The mailbox is as given, its fetching starts anew; passwords not given stay as they are.

    `passwords` may hold imap_password and smtp_password, in plain; they are stored sealed.
    """
    require(by, MailPermission.SET_UP)
    if not mailbox.imap_host and not mailbox.smtp_host:
        raise MailboxIncomplete(_("Please name a server for fetching or for sending mail."))
    for name in _SECRETS:
        if passwords.get(name):
            setattr(mailbox, name, seal(passwords[name]))
    if mailbox.is_default:
        Mailbox.objects.exclude(pk=mailbox.pk).filter(is_default=True).update(is_default=False)
    mailbox.revision += 1
    mailbox.health, mailbox.failing_since, mailbox.send_error = Health.UNKNOWN, None, ""
    mailbox.save()
    publish(MailboxSaved(mailbox_id=mailbox.pk, by_id=by.pk))
    return mailbox


@transaction.atomic
def begin_uidvalidity(mailbox_id: int, uidvalidity: int, *, by: Staff) -> Mailbox:
    """The server counts its mails in this way now; if it changed, all are looked at again.

    Mails already on the ledger are recognised by their identity, so none doubles and none is missed.
    """
    del by
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox_id)
    if mailbox.uidvalidity != uidvalidity:
        mailbox.uidvalidity, mailbox.last_uid = uidvalidity, 0
        mailbox.save(update_fields=["uidvalidity", "last_uid", "updated_at"])
    return mailbox


@transaction.atomic
def skip_waiting_mail(mailbox_id: int, *, last_uid: int, by: Staff) -> Mailbox:
    """What lay there before the mailbox was connected is left alone, as its settings ask."""
    del by
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox_id)
    mailbox.last_uid = max(mailbox.last_uid, last_uid)
    mailbox.save(update_fields=["last_uid", "updated_at"])
    return mailbox


@transaction.atomic
def note_mailbox_well(mailbox_id: int, *, at: datetime, by: Staff) -> Mailbox:
    """Fetching works; if it failed before, that is announced."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox_id)
    was_failing = mailbox.is_failing
    mailbox.health, mailbox.last_ok_at = Health.WELL, at
    mailbox.failing_since, mailbox.last_error = None, ""
    mailbox.save(
        update_fields=["health", "last_ok_at", "failing_since", "last_error", "updated_at"]
    )
    _tell_recovery(mailbox, was_failing=was_failing, by=by)
    return mailbox


@transaction.atomic
def note_mailbox_failing(mailbox_id: int, *, error: str, at: datetime, by: Staff) -> Mailbox:
    """Fetching does not work, for the reason in words; announced once until it recovers."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox_id)
    was_failing = mailbox.is_failing
    mailbox.health, mailbox.last_error = Health.FAILING, error[:2000]
    mailbox.failing_since = mailbox.failing_since or at
    mailbox.save(update_fields=["health", "failing_since", "last_error", "updated_at"])
    if not was_failing:
        publish(MailboxFailing(mailbox_id=mailbox.pk, error=mailbox.last_error, by_id=by.pk))
    return mailbox


@transaction.atomic
def note_sending(mailbox_id: int, *, error: str, by: Staff) -> Mailbox:
    """Sending works (`error` empty) or does not, for a reason of the mailbox and not of one mail."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox_id)
    if mailbox.send_error == error[:2000]:
        return mailbox
    was_failing = mailbox.is_failing
    mailbox.send_error = error[:2000]
    mailbox.save(update_fields=["send_error", "updated_at"])
    if error and not was_failing:
        publish(MailboxFailing(mailbox_id=mailbox.pk, error=mailbox.send_error, by_id=by.pk))
    _tell_recovery(mailbox, was_failing=was_failing, by=by)
    return mailbox


def _tell_recovery(mailbox: Mailbox, *, was_failing: bool, by: Staff) -> None:
    if was_failing and not mailbox.is_failing:
        publish(MailboxRecovered(mailbox_id=mailbox.pk, by_id=by.pk))
