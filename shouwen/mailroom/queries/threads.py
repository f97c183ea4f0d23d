"""What a mail belongs to: by signed address, signed Message-ID, or a Message-ID on the ledgers."""

from datetime import datetime, timedelta

from shouwen.core.files import read_raw
from shouwen.mailroom.carriers.email.automatic import AutomaticKind
from shouwen.mailroom.carriers.email.message import ParsedMail, read_mail
from shouwen.mailroom.judging import DEFAULT_RULES, Facts, own_ids_inside
from shouwen.mailroom.models import DropRule, Inbound, Outbound
from shouwen.mailroom.tokens import ThreadRef, read_message_id, read_reply_token

_LOOKED_UP_IDS = 50
_RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
AUTOMATIC_ANSWER_PAUSE = timedelta(days=1)


def read_inbound(inbound: Inbound) -> ParsedMail:
    """The mail of this row, understood. Raises UnreadableMail when it holds nothing."""
    return read_mail(read_raw(inbound.raw_key))


def thread_of(mail: ParsedMail, *, mailbox_id: int | None) -> ThreadRef | None:
    """The thing this mail answers, or None: by what we signed, then by what the ledgers hold.

    Never by subject or likeness. Whether the writer is one of the thread's people is for the
    caller to check: whoever was sent a copy may answer too.
    """
    return _by_address(mail) or _by_signed_id(mail) or _by_ledger(mail, mailbox_id)


def _by_address(mail: ParsedMail) -> ThreadRef | None:
    written = [one.address for one in (*mail.to, *mail.cc)]
    written += [value for name in _RECIPIENT_FIELDS for value in mail.headers.get_all(name)]
    return next((ref for one in written if (ref := read_reply_token(one))), None)


def _answered_ids(mail: ParsedMail) -> list[str]:
    """The Message-IDs it answers, nearest first."""
    ids = [mail.in_reply_to, *reversed(mail.references)]
    return [one for one in dict.fromkeys(ids) if one][:_LOOKED_UP_IDS]


def _by_signed_id(mail: ParsedMail) -> ThreadRef | None:
    refs = (read_message_id(one) for one in _answered_ids(mail))
    return next((ref for ref in refs if ref and ref.id), None)


def _by_ledger(mail: ParsedMail, mailbox_id: int | None) -> ThreadRef | None:
    ids = _answered_ids(mail)
    sent = Outbound.objects.filter(message_id__in=ids).exclude(subject_id=None)
    if row := sent.order_by("-pk").first():
        return ThreadRef(row.subject_kind, row.subject_id or 0, "ledger")
    arrived = Inbound.objects.filter(message_id__in=ids).exclude(handled_as_id=None)
    if mailbox_id is not None:
        arrived = arrived.filter(mailbox_id=mailbox_id)
    if known := arrived.order_by("-pk").first():
        return ThreadRef(known.handled_as_kind, known.handled_as_id or 0, "ledger")
    return None


def bounced_outbound(inbound: Inbound, mail: ParsedMail) -> Outbound | None:
    """The mail of ours that this bounce is about, found by our Message-ID anywhere inside it."""
    if mail.automatic is None or mail.automatic.kind is not AutomaticKind.BOUNCE:
        return None
    ids = own_ids_inside(read_raw(inbound.raw_key)) + own_ids_inside(mail.text.encode())
    for attachment in mail.attachments:
        ids += own_ids_inside(attachment.content)
    return (
        Outbound.objects.filter(message_id__in=[*ids, *_answered_ids(mail)]).order_by("-pk").first()
    )


def facts_about(inbound: Inbound, mail: ParsedMail, *, bounced: Outbound | None) -> Facts:
    """What the ledgers and rules know of this mail."""
    built_in = DropRule.objects.exclude(kind=DropRule.Kind.SENDER)
    switched = dict(built_in.values_list("kind", "is_active"))
    active = {kind for kind, is_active in switched.items() if is_active}
    patterns = DropRule.objects.filter(kind=DropRule.Kind.SENDER, is_active=True)
    answers = bounced is not None or (
        mail.automatic is not None and thread_of(mail, mailbox_id=inbound.mailbox_id) is not None
    )
    return Facts(
        active_rules=(DEFAULT_RULES - switched.keys()) | active,
        blocked_patterns=set(patterns.values_list("pattern", flat=True)),
        answers_ours=answers,
    )


def may_answer_by_machine(inbound: Inbound, *, at: datetime) -> bool:
    """No machine wrote it, and its writer had no automatic answer of ours for a day."""
    if inbound.automatic or not inbound.sender:
        return False
    recent = Outbound.objects.filter(
        is_automatic=True,
        recipients__contains=[inbound.sender.lower()],
        created_at__gt=at - AUTOMATIC_ANSWER_PAUSE,
    )
    return not recent.exists()
