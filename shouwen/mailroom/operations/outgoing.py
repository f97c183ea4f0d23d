"""Mail is queued: built once, written down once, sent by the worker."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.files import store_raw
from shouwen.mailroom.carriers.email.compose import (
    AddressUnclear,
    MailContent,
    MailFile,
    clean_address,
    compose,
    one_line,
)
from shouwen.mailroom.events import OutboundFailed, OutboundQueued, OutboundResent
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.operations.facts import about
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import default_mailbox, may_answer_by_machine
from shouwen.mailroom.tokens import new_message_id, reply_address
from shouwen.mailroom.workflow import GIVE_UP_AFTER

RECIPIENT_LIMIT = 50
_MACHINE_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class AddressRefused(Refused):
    """A recipient's address cannot be written to."""


class NoMailbox(Refused):
    """There is no mailbox through which this could be sent."""


class NothingToResend(Refused):
    """The mail was handed over, or is on its way."""


@dataclass(frozen=True, kw_only=True)
class MailDraft:
    """A mail to send. `key` makes it unique: the same key again is the same mail, sent once.

    `subject_kind` and `subject_id` name the thing it is about: answers find it, its pages show the
    state, and mails about one thing leave in their order. `files` with a content_id lie inside the HTML.
    `headers` may add X-..., List-..., Auto-Submitted and Precedence.
    """

    key: str
    to: list[str]
    subject: str
    text: str
    html: str = ""
    cc: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    subject_kind: str = ""
    subject_id: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    priority: int = 50
    is_automatic: bool = False


@transaction.atomic
def queue_mail(draft: MailDraft, *, mailbox: Mailbox | None, by: Staff) -> Outbound:
    """The mail is on the ledger with a fixed Message-ID and leaves soon; the same key again changes nothing.

    Without a mailbox the default one is taken. Refuses with NoMailbox, AddressRefused.
    """
    if known := Outbound.objects.filter(idempotency_key=draft.key).first():
        return known
    chosen = mailbox or default_mailbox()
    if chosen is None or not chosen.smtp_host:
        raise NoMailbox(_("No mailbox is set up to send mail. Please ask an administrator."))
    to, cc = _addresses(draft.to), _addresses(draft.cc)
    if not to or len(to) + len(cc) > RECIPIENT_LIMIT:
        raise AddressRefused(_("A mail needs 1 to %d recipients.") % RECIPIENT_LIMIT)
    outbound = _row(draft, chosen, to, cc, at=timezone.now())
    try:
        with transaction.atomic():
            outbound.save(force_insert=True)
    except IntegrityError:
        return Outbound.objects.get(idempotency_key=draft.key)
    publish(OutboundQueued(**about(outbound), by_id=by.pk))
    return outbound


def _row(
    draft: MailDraft, mailbox: Mailbox, to: list[str], cc: list[str], *, at: datetime
) -> Outbound:
    message_id = new_message_id(draft.subject_kind, draft.subject_id, mailbox.domain)
    raw = compose(_content(draft, mailbox, to, cc, message_id=message_id, at=at))
    everyone = list(dict.fromkeys([*to, *cc]))
    return Outbound(
        mailbox=mailbox,
        idempotency_key=draft.key,
        message_id=message_id,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        recipients=everyone,
        pending=everyone,
        subject=one_line(draft.subject)[:500],
        raw_key=store_raw(raw),
        size=len(raw),
        priority=draft.priority,
        is_automatic=draft.is_automatic,
        next_try_at=at,
        give_up_at=at + GIVE_UP_AFTER,
    )


def _content(
    draft: MailDraft,
    mailbox: Mailbox,
    to: list[str],
    cc: list[str],
    *,
    message_id: str,
    at: datetime,
) -> MailContent:
    reply_to = ""
    if mailbox.uses_subaddresses and draft.subject_kind and draft.subject_id:
        reply_to = reply_address(mailbox.address, draft.subject_kind, draft.subject_id)
    return MailContent(
        from_address=mailbox.address,
        from_name=mailbox.from_name or mailbox.name,
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        files=draft.files,
        message_id=message_id,
        in_reply_to=draft.in_reply_to,
        references=draft.references,
        headers=draft.headers | (_MACHINE_HEADERS if draft.is_automatic else {}),
        at=timezone.localtime(at),
    )


def _addresses(written: list[str]) -> list[str]:
    try:
        return list(dict.fromkeys(clean_address(one) for one in written))
    except AddressUnclear as unclear:
        raise AddressRefused(
            _("“%s” is not an address that can be written to.") % str(unclear)[:100]
        ) from None


@transaction.atomic
def queue_automatic_mail(draft: MailDraft, *, answering: Inbound, by: Staff) -> Outbound | None:
    """An answer that no person wrote: at most one a day to each sender, none to a machine.

    None when it must not be sent. The key holds this in the database, not good luck.
    """
    at = timezone.now()
    if not may_answer_by_machine(answering, at=at):
        return None
    sender = answering.sender.lower()
    digest = hashlib.sha256(sender.encode()).hexdigest()[:32]
    key = f"automatic:{answering.mailbox_id}:{digest}:{local_day(at)}"
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    limited = MailDraft(**values | {"key": key, "to": [sender], "cc": [], "is_automatic": True})
    return queue_mail(limited, mailbox=answering.mailbox, by=by)


@transaction.atomic
def resend_outbound(outbound_id: int, *, by: Staff) -> Outbound:
    """What was refused, given up or came back is queued once more, with the same Message-ID.

    Only recipients who do not have it yet are tried; a mail that came back is sent to all again.
    """
    require(by, MailPermission.HANDLE)
    outbound = Outbound.objects.select_for_update(of=("self",)).get(pk=outbound_id)
    if not outbound.can_resend:
        raise NothingToResend(_("Only what was refused, given up or came back can be sent again."))
    at = timezone.now()
    outbound.pending = list(outbound.refusals) or outbound.pending or outbound.recipients
    outbound.refusals, outbound.attempts, outbound.bounced_at = {}, 0, None
    outbound.state, outbound.last_error = Outbound.State.QUEUED, ""
    outbound.next_try_at, outbound.give_up_at = at, at + GIVE_UP_AFTER
    outbound.save(
        update_fields=[
            *("pending", "refusals", "attempts", "bounced_at", "state", "last_error"),
            *("next_try_at", "give_up_at", "updated_at"),
        ]
    )
    publish(OutboundResent(**about(outbound), by_id=by.pk))
    return outbound


@transaction.atomic
def cancel_outbound(outbound_id: int, *, by: Staff) -> Outbound:
    """A mail that waits for its next try is not tried any more."""
    require(by, MailPermission.HANDLE)
    outbound = Outbound.objects.select_for_update(of=("self",)).get(pk=outbound_id)
    if outbound.state != Outbound.State.QUEUED:
        raise NothingToResend(_("Only a mail that waits can be stopped."))
    outbound.state = Outbound.State.FAILED
    outbound.last_error = _("Stopped by %s.") % by.public_name
    outbound.save(update_fields=["state", "last_error", "updated_at"])
    publish(OutboundFailed(**about(outbound), error=outbound.last_error, by_id=by.pk))
    return outbound
