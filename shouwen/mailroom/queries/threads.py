"""What a mail belongs to: by signed address, signed Message-ID, or a Message-ID on the ledgers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shouwen.core.files import read_raw
from shouwen.mailroom.carriers.email.automatic import AutomaticKind
from shouwen.mailroom.carriers.email.message import ParsedMail, read_mail
from shouwen.mailroom.judging import DEFAULT_RULES, Facts, own_ids_inside
from shouwen.mailroom.models import DropRule, Inbound, Outbound
from shouwen.mailroom.recent import RecentReadings
from shouwen.mailroom.tokens import ThreadRef, read_message_id, read_reply_token

_LOOKED_UP_IDS = 50
_RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
AUTOMATIC_ANSWER_PAUSE = timedelta(days=1)


@dataclass(frozen=True)
class Reading:
    """A row of the ledger and what its mail says."""

    inbound: Inbound
    mail: ParsedMail


_read = RecentReadings()


def read_inbound(inbound: Inbound) -> ParsedMail:
    """The mail of this row, understood. Raises UnreadableMail when it holds nothing."""
    if mail := _read.find(inbound.raw_key):
        return mail
    raw = read_raw(inbound.raw_key)
    mail = read_mail(raw)
    _read.keep(inbound.raw_key, mail, size=len(raw))
    return mail


def thread_of(mail: ParsedMail, *, mailbox_id: int | None) -> ThreadRef | None:
    """The thing this mail answers, or None; as for many at once."""
    return threads_of([Reading(Inbound(mailbox_id=mailbox_id), mail)])[0]


def threads_of(readings: Sequence[Reading]) -> list[ThreadRef | None]:
    """The thing each mail answers, or None: by what we signed, then by what the ledgers hold.

    Never by subject or likeness. Whether the writer is one of the thread's people is for the
    caller to check: whoever was sent a copy may answer too. Two queries, however many.
    """
    signed = [_by_address(one.mail) or _by_signed_id(one.mail) for one in readings]
    unsigned = [one for one, ref in zip(readings, signed, strict=True) if ref is None]
    books = _Books.about({id_ for one in unsigned for id_ in answered_ids(one.mail)})
    return [ref or books.thread_of(one) for one, ref in zip(readings, signed, strict=True)]


def _by_address(mail: ParsedMail) -> ThreadRef | None:
    written = [one.address for one in (*mail.to, *mail.cc)]
    written += [value for name in _RECIPIENT_FIELDS for value in mail.headers.get_all(name)]
    return next((ref for one in written if (ref := read_reply_token(one))), None)


def answered_ids(mail: ParsedMail) -> list[str]:
    """The Message-IDs it answers, nearest first."""
    ids = [mail.in_reply_to, *reversed(mail.references)]
    return [one for one in dict.fromkeys(ids) if one][:_LOOKED_UP_IDS]


def _by_signed_id(mail: ParsedMail) -> ThreadRef | None:
    refs = (read_message_id(one) for one in answered_ids(mail))
    return next((ref for ref in refs if ref and ref.id), None)


Known = tuple[int, int | None, ThreadRef]


@dataclass(frozen=True)
class _Books:
    """What the ledgers hold under some Message-IDs: the newest row of each, with its mailbox."""

    sent: dict[str, list[Known]]
    arrived: dict[str, list[Known]]

    @classmethod
    def about(cls, ids: Collection[str]) -> "_Books":
        if not ids:
            return cls({}, {})
        sent = Outbound.objects.filter(message_id__in=ids).exclude(subject_id=None)
        arrived = Inbound.objects.filter(message_id__in=ids).exclude(handled_as_id=None)
        place = ("message_id", "mailbox_id")
        newest = [one.order_by(*place, "-pk").distinct(*place) for one in (sent, arrived)]
        return cls(
            _by_message_id(newest[0].values_list("pk", *place, "subject_kind", "subject_id")),
            _by_message_id(newest[1].values_list("pk", *place, "handled_as_kind", "handled_as_id")),
        )

    def thread_of(self, reading: Reading) -> ThreadRef | None:
        """By a mail we sent, else by one that arrived in the same mailbox; the newest counts."""
        ids, home = answered_ids(reading.mail), reading.inbound.mailbox_id
        sent = [row for id_ in ids for row in self.sent.get(id_, ())]
        arrived = [
            row
            for id_ in ids
            for row in self.arrived.get(id_, ())
            if home is None or row[1] == home
        ]
        rows = sent or arrived
        return max(rows, key=lambda row: row[0])[2] if rows else None


def _by_message_id(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for pk, message_id, mailbox_id, kind, subject_id in rows:
        ref = ThreadRef(kind, subject_id, "ledger")
        found.setdefault(message_id, []).append((pk, mailbox_id, ref))
    return found


def bounced_outbound(inbound: Inbound, mail: ParsedMail) -> Outbound | None:
    """The mail of ours that this bounce is about, found by our Message-ID anywhere inside it."""
    if mail.automatic is None or mail.automatic.kind is not AutomaticKind.BOUNCE:
        return None
    ids = own_ids_inside(read_raw(inbound.raw_key)) + own_ids_inside(mail.text.encode())
    for attachment in mail.attachments:
        ids += own_ids_inside(attachment.content)
    return (
        Outbound.objects.filter(message_id__in=[*ids, *answered_ids(mail)]).order_by("-pk").first()
    )


def rules_in_force() -> Facts:
    """The rules that drop and the blocked senders, as they are now."""
    built_in = DropRule.objects.exclude(kind=DropRule.Kind.SENDER)
    switched = dict(built_in.values_list("kind", "is_active"))
    active = {kind for kind, is_active in switched.items() if is_active}
    patterns = DropRule.objects.filter(kind=DropRule.Kind.SENDER, is_active=True)
    return Facts(
        active_rules=(DEFAULT_RULES - switched.keys()) | active,
        blocked_patterns=set(patterns.values_list("pattern", flat=True)),
    )


def answers_ours(inbound: Inbound, mail: ParsedMail) -> bool:
    """It belongs to something of ours; asked of what machines wrote."""
    return thread_of(mail, mailbox_id=inbound.mailbox_id) is not None


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
