"""What becomes of a row of the inbound ledger."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish, publish_all
from shouwen.core.errors import Refused
from shouwen.mailroom.events import (
    InboundDropped,
    InboundHandled,
    InboundQuarantined,
    InboundRetried,
    MailArrived,
)
from shouwen.mailroom.models import DropRule, Inbound
from shouwen.mailroom.operations.rules import built_in_rule
from shouwen.mailroom.permissions import MailPermission


class AlreadySettled(Refused):
    """The inbound has been handled, quarantined or dropped already."""


class NothingToRetry(Refused):
    """The inbound was handled, or waits anyway."""


def _waiting(inbound_id: int) -> Inbound:
    inbound = Inbound.objects.select_for_update(of=("self",)).get(pk=inbound_id)
    if inbound.is_settled:
        raise AlreadySettled(_("This is settled already: %s.") % inbound.get_state_display())
    return inbound


def _settle(inbound: Inbound, state: Inbound.State, *, reason: str, **columns: object) -> None:
    inbound.state = state
    inbound.reason = reason.replace("\0", "")[:2000]
    inbound.settled_at = timezone.now()
    for name, value in columns.items():
        setattr(inbound, name, value)
    inbound.save(update_fields=["state", "reason", "settled_at", "updated_at", *columns])


class Handled(NamedTuple):
    """An inbound, and the thing that it became or was added to."""

    inbound_id: int
    as_kind: str
    as_id: int


MARK = """
UPDATE mailroom_inbound i
SET state = 'handled', reason = '', settled_at = %s, updated_at = %s,
    handled_as_kind = v.kind, handled_as_id = v.thing
FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS v(id, kind, thing)
WHERE i.id = v.id AND i.state = 'received'
"""


@transaction.atomic
def mark_all_handled(handled: Sequence[Handled], *, by: Staff) -> None:
    """Each became its thing, or was added to it; call it in the transaction that makes the things.

    Refuses with AlreadySettled, so that running twice cannot make two things of one mail.
    """
    at = timezone.now()
    columns = [list(column) for column in zip(*handled, strict=True)]
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(MARK, [at, at, *columns])
        if cursor.rowcount != len(handled):
            raise AlreadySettled(_("This is settled already."))
    publish_all([InboundHandled(**one._asdict(), by_id=by.pk) for one in handled])


def mark_handled(inbound_id: int, *, as_kind: str, as_id: int, by: Staff) -> None:
    """It became this thing, or was added to it; as for many at once."""
    mark_all_handled([Handled(inbound_id, as_kind, as_id)], by=by)


@transaction.atomic
def quarantine(inbound_id: int, *, reason: str, by: Staff) -> Inbound:
    """It is set aside with the reason, for a person to look at; nothing of it is lost."""
    inbound = _waiting(inbound_id)
    _settle(inbound, Inbound.State.QUARANTINED, reason=reason)
    publish(InboundQuarantined(inbound_id=inbound.pk, reason=inbound.reason, by_id=by.pk))
    return inbound


@transaction.atomic
def drop_inbound(
    inbound_id: int, *, rule: DropRule, by: Staff, reason: str = "", automatic: str = ""
) -> Inbound:
    """It is dropped by the named rule, and the rule's counter has grown; the raw bytes stay.

    `automatic` is the kind of machine that wrote it: no machine of ours answers it.
    """
    inbound = _waiting(inbound_id)
    _settle(inbound, Inbound.State.DROPPED, reason=reason, rule=rule, automatic=automatic)
    count_drop(rule)
    publish(
        InboundDropped(inbound_id=inbound.pk, rule=rule.code, reason=inbound.reason, by_id=by.pk)
    )
    return inbound


def count_drop(rule: DropRule) -> None:
    """One more fell under the rule."""
    DropRule.objects.filter(pk=rule.pk).update(
        dropped_count=F("dropped_count") + 1, last_dropped_at=timezone.now()
    )


@transaction.atomic
def drop_by_hand(inbound_id: int, *, reason: str, by: Staff) -> Inbound:
    """A person drops what is in quarantine or waits, and says why."""
    require(by, MailPermission.HANDLE)
    inbound = Inbound.objects.select_for_update(of=("self",)).get(pk=inbound_id)
    if inbound.state not in {Inbound.State.QUARANTINED, Inbound.State.RECEIVED}:
        raise AlreadySettled(_("This is settled already: %s.") % inbound.get_state_display())
    rule = built_in_rule(DropRule.Kind.BY_HAND)
    _settle(inbound, Inbound.State.DROPPED, reason=reason, rule=rule)
    count_drop(rule)
    publish(
        InboundDropped(inbound_id=inbound.pk, rule=rule.code, reason=inbound.reason, by_id=by.pk)
    )
    return inbound


@transaction.atomic
def retry_inbound(inbound_id: int, *, by: Staff) -> Inbound:
    """What was quarantined or dropped goes through the door once more, from its raw bytes."""
    require(by, MailPermission.HANDLE)
    inbound = Inbound.objects.select_for_update(of=("self",)).get(pk=inbound_id)
    if not inbound.can_retry:
        raise NothingToRetry(_("Only what is quarantined or dropped can be tried again."))
    inbound.state = Inbound.State.RECEIVED
    inbound.settled_at = inbound.understood_at = inbound.rule = None
    inbound.reason, inbound.attempts, inbound.was_retried = "", 0, True
    inbound.save(
        update_fields=[
            *("state", "settled_at", "understood_at", "rule", "reason", "attempts"),
            *("was_retried", "updated_at"),
        ]
    )
    publish(
        InboundRetried(
            inbound_id=inbound.pk,
            channel=inbound.channel,
            mailbox_id=inbound.mailbox_id,
            by_id=by.pk,
        )
    )
    return inbound


@transaction.atomic
def announce_arrivals(kinds: Mapping[int, str], *, by: Staff) -> None:
    """These are understood, each with the kind of machine that wrote it or "" for a person.

    The parts above are told of all together (again, if one has waited too long). Refuses with
    AlreadySettled.
    """
    waiting = Inbound.objects.waiting().filter(pk__in=kinds)
    if waiting.select_for_update(of=("self",)).count() != len(kinds):
        raise AlreadySettled(_("This is settled already."))
    at = timezone.now()
    for kind in sorted(set(kinds.values())):
        of_kind = waiting.filter(pk__in=[pk for pk, one in kinds.items() if one == kind])
        of_kind.update(
            automatic=kind, understood_at=Coalesce("understood_at", Value(at)), updated_at=at
        )
    publish_all(
        [MailArrived(inbound_id=pk, automatic=kinds[pk], by_id=by.pk) for pk in sorted(kinds)]
    )
