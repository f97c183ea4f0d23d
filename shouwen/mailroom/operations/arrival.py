"""The door: whatever arrives is safe on disk and on the ledger before anything is understood."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.core.bus import publish, publish_all
from shouwen.core.clock import now
from shouwen.core.files import store_raw, store_raw_all
from shouwen.mailroom.envelopes import plain_text, read_envelope
from shouwen.mailroom.events import InboundDropped, InboundQuarantined, InboundReceived
from shouwen.mailroom.models import DropRule, Inbound, Mailbox
from shouwen.mailroom.operations.inbound import count_drop
from shouwen.mailroom.operations.rules import built_in_rule


@dataclass(frozen=True)
class Origin:
    """The place of a mail on its IMAP server; `mailbox` may stand alone, as for imported files."""

    mailbox: Mailbox | None = None
    uidvalidity: int | None = None
    uid: int | None = None


@dataclass(frozen=True)
class TakenIn:
    """The row of what arrived, and whether it is new."""

    inbound: Inbound
    is_new: bool


@dataclass(frozen=True)
class Arrival:
    """A mail as it came, and from where."""

    raw: bytes
    origin: Origin


def take_in_mails(
    arrivals: Sequence[Arrival], *, by: Staff, channel: str = "mail"
) -> list[TakenIn]:
    """The mails are kept for ever, each exactly once; only after this may they be flagged.

    The bytes are on disk first, then the rows are committed with the mailbox's progress. A second
    copy, found by (mailbox, UIDVALIDITY, UID) or by Message-ID, sender and date, is counted on
    the first one's row and makes no row of its own.
    """
    keys = store_raw_all([arrival.raw for arrival in arrivals])
    pairs = zip(arrivals, keys, strict=True)
    rows = [_row_of(arrival, raw_key, channel) for arrival, raw_key in pairs]
    with transaction.atomic():
        taken = _enter_all(rows)
        for arrival in arrivals[-1:]:
            _advance(arrival.origin)
        publish_all([_received(one.inbound, by) for one in taken if one.is_new])
    return taken


def take_in_mail(raw: bytes, *, origin: Origin, by: Staff, channel: str = "mail") -> TakenIn:
    """The mail is kept for ever, exactly once; as for many at once."""
    return take_in_mails([Arrival(raw, origin)], by=by, channel=channel)[0]


def _row_of(arrival: Arrival, raw_key: str, channel: str) -> Inbound:
    envelope, origin = read_envelope(arrival.raw), arrival.origin
    return Inbound(
        channel=channel,
        mailbox=origin.mailbox,
        uidvalidity=origin.uidvalidity,
        uid=origin.uid,
        identity=envelope.identity,
        message_id=envelope.message_id,
        raw_key=raw_key,
        size=len(arrival.raw),
        received_at=now(),
        sender=envelope.sender,
        sender_name=envelope.sender_name,
        subject=envelope.subject,
    )


def _received(inbound: Inbound, by: Staff) -> InboundReceived:
    return InboundReceived(
        inbound_id=inbound.pk,
        channel=inbound.channel,
        mailbox_id=inbound.mailbox_id,
        by_id=by.pk,
    )


def take_in_delivery(
    raw: bytes, *, channel: str, external_id: str, by: Staff, sender: str = "", subject: str = ""
) -> TakenIn:
    """A delivery of a webhook or an API is kept, exactly once per channel and delivery id."""
    inbound = Inbound(
        channel=channel,
        external_id=external_id[:200],
        raw_key=store_raw(raw),
        size=len(raw),
        received_at=now(),
        sender=plain_text(sender, 320),
        subject=plain_text(subject, 500),
    )
    with transaction.atomic():
        taken = _enter(inbound)
        if taken.is_new:
            publish(_received(inbound, by))
    return taken


def take_in_too_large(head: bytes, *, size: int, limit: int, origin: Origin, by: Staff) -> TakenIn:
    """Of a mail over the limit (bytes) only the headers are kept; it is dropped by the named rule.

    With that rule switched off it is quarantined instead: it was not taken either way.
    """
    envelope = read_envelope(head)
    rule = built_in_rule(DropRule.Kind.TOO_LARGE)
    reason = f"{size} > {limit}"
    inbound = Inbound(
        mailbox=origin.mailbox,
        uidvalidity=origin.uidvalidity,
        uid=origin.uid,
        message_id=envelope.message_id,
        raw_key=store_raw(head),
        size=size,
        received_at=now(),
        settled_at=now(),
        sender=envelope.sender,
        sender_name=envelope.sender_name,
        subject=envelope.subject,
        state=Inbound.State.DROPPED if rule.is_active else Inbound.State.QUARANTINED,
        rule=rule if rule.is_active else None,
        reason=reason,
    )
    with transaction.atomic():
        taken = _enter(inbound)
        _advance(origin)
        if taken.is_new and rule.is_active:
            count_drop(rule)
            publish(
                InboundDropped(inbound_id=inbound.pk, rule=rule.code, reason=reason, by_id=by.pk)
            )
        elif taken.is_new:
            publish(InboundQuarantined(inbound_id=inbound.pk, reason=reason, by_id=by.pk))
    return taken


def set_aside_unfetched(*, origin: Origin, by: Staff) -> TakenIn:
    """A mail that its server lists but will not give out has a row in quarantine; others go on."""
    reason = _("The mail server did not give out this mail.")
    inbound = Inbound(
        mailbox=origin.mailbox,
        uidvalidity=origin.uidvalidity,
        uid=origin.uid,
        received_at=now(),
        settled_at=now(),
        state=Inbound.State.QUARANTINED,
        reason=reason,
    )
    with transaction.atomic():
        taken = _enter(inbound)
        _advance(origin)
        if taken.is_new:
            publish(InboundQuarantined(inbound_id=inbound.pk, reason=reason, by_id=by.pk))
    return taken


def fill_in(inbound_id: int, raw: bytes, *, by: Staff) -> Inbound:
    """A mail that its server kept back at first is there now, on the row that waited for it."""
    envelope, raw_key = read_envelope(raw), store_raw(raw)
    with transaction.atomic():
        inbound = Inbound.objects.select_for_update(of=("self",)).get(pk=inbound_id)
        inbound.raw_key, inbound.size = raw_key, len(raw)
        inbound.message_id, inbound.subject = envelope.message_id, envelope.subject
        inbound.sender, inbound.sender_name = envelope.sender, envelope.sender_name
        inbound.save(
            update_fields=[
                *("raw_key", "size", "message_id", "subject", "sender", "sender_name"),
                "updated_at",
            ]
        )
        publish(_received(inbound, by))
    return inbound


def _enter_all(rows: list[Inbound]) -> list[TakenIn]:
    """All at once; one after the other where one of them, or one like it, is there already."""
    try:
        with transaction.atomic():
            Inbound.objects.bulk_create(rows)
    except IntegrityError:
        for row in rows:
            row.pk = None
        return [_enter(row) for row in rows]
    return [TakenIn(row, is_new=True) for row in rows]


def _enter(inbound: Inbound) -> TakenIn:
    """The row is written, or the row that the unique keys hold in its place is found."""
    try:
        with transaction.atomic():
            inbound.save(force_insert=True)
    except IntegrityError:
        first = Inbound.objects.filter(_same(inbound)).order_by("pk").first()
        if first is None:
            raise
        if inbound.uid is None or (first.uidvalidity, first.uid) != (
            inbound.uidvalidity,
            inbound.uid,
        ):
            Inbound.objects.filter(pk=first.pk).update(copies=F("copies") + 1)
        return TakenIn(first, is_new=False)
    return TakenIn(inbound, is_new=True)


def _same(inbound: Inbound) -> Q:
    same = Q(pk__in=[])
    if inbound.uid is not None:
        same |= Q(mailbox=inbound.mailbox, uidvalidity=inbound.uidvalidity, uid=inbound.uid)
    if inbound.identity and inbound.mailbox is not None:
        same |= Q(mailbox=inbound.mailbox, identity=inbound.identity)
    elif inbound.identity:
        same |= Q(mailbox__isnull=True, channel=inbound.channel, identity=inbound.identity)
    if inbound.external_id:
        same |= Q(channel=inbound.channel, external_id=inbound.external_id)
    return same


def _advance(origin: Origin) -> None:
    """The mailbox has been read up to here; committed together with the row."""
    if origin.mailbox is not None and origin.uid is not None:
        Mailbox.objects.filter(
            pk=origin.mailbox.pk, uidvalidity=origin.uidvalidity, last_uid__lt=origin.uid
        ).update(last_uid=origin.uid)
