"""What becomes of a row of the inbound ledger."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.accounts.queries import system_staff
from shouwen.core.bus import publish
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
from shouwen.mailroom.workflow import INBOUND_ATTEMPTS

logger = logging.getLogger(__name__)


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


@transaction.atomic
def mark_handled(inbound_id: int, *, as_kind: str, as_id: int, by: Staff) -> Inbound:
    """It became this thing, or was added to it; call it in the transaction that makes the thing.

    Refuses with AlreadySettled, so that running twice cannot make two things of one mail.
    """
    inbound = _waiting(inbound_id)
    _settle(inbound, Inbound.State.HANDLED, reason="", handled_as_kind=as_kind, handled_as_id=as_id)
    publish(InboundHandled(inbound_id=inbound.pk, as_kind=as_kind, as_id=as_id, by_id=by.pk))
    return inbound


@transaction.atomic
def quarantine(inbound_id: int, *, reason: str, by: Staff) -> Inbound:
    """It is set aside with the reason, for a person to look at; nothing of it is lost."""
    inbound = _waiting(inbound_id)
    _settle(inbound, Inbound.State.QUARANTINED, reason=reason)
    publish(InboundQuarantined(inbound_id=inbound.pk, reason=inbound.reason, by_id=by.pk))
    return inbound


@transaction.atomic
def drop_inbound(inbound_id: int, *, rule: DropRule, by: Staff, reason: str = "") -> Inbound:
    """It is dropped by the named rule, and the rule's counter has grown; the raw bytes stay."""
    inbound = _waiting(inbound_id)
    _settle(inbound, Inbound.State.DROPPED, reason=reason, rule=rule)
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
    publish(InboundRetried(inbound_id=inbound.pk, channel=inbound.channel, by_id=by.pk))
    return inbound


@transaction.atomic
def announce_arrival(inbound_id: int, *, automatic: str, by: Staff) -> Inbound:
    """It is understood, and the parts above are told (again, if it has waited too long)."""
    inbound = _waiting(inbound_id)
    if inbound.understood_at is None:
        inbound.understood_at, inbound.attempts = timezone.now(), 0
    inbound.automatic = automatic
    inbound.save(update_fields=["understood_at", "attempts", "automatic", "updated_at"])
    publish(MailArrived(inbound_id=inbound.pk, automatic=automatic, by_id=by.pk))
    return inbound


def work_on_inbound(inbound_id: int, work: Callable[[Inbound], None]) -> None:
    """Do `work` with an inbound that still waits, in one transaction; poison never blocks others.

    Every start is counted before it begins, so that work which kills its process counts too.
    After INBOUND_ATTEMPTS it is quarantined with the reason; until then the error rises, and the
    job that called is tried again. Nothing happens to what is settled already.
    """
    inbound = Inbound.objects.select_related("mailbox").get(pk=inbound_id)
    if inbound.is_settled:
        return
    Inbound.objects.filter(pk=inbound_id).update(
        attempts=F("attempts") + 1, updated_at=timezone.now()
    )
    if inbound.attempts >= 2 * INBOUND_ATTEMPTS:
        reason = _("It was begun %d times and never finished.") % inbound.attempts
        quarantine(inbound_id, reason=reason, by=system_staff())
        return
    try:
        with transaction.atomic():
            work(inbound)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whatever one mail breaks must not stop the others
        if not quarantine_after(inbound_id, INBOUND_ATTEMPTS, reason=_words_of(error)):
            raise
        logger.exception("inbound %d quarantined", inbound_id)


def _words_of(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    return f"{type(error).__name__}: {error}"[:500]


def quarantine_after(inbound_id: int, attempts: int, *, reason: str) -> bool:
    """Quarantined, if it still waits and was begun at least so often; says whether it is settled."""
    inbound = Inbound.objects.get(pk=inbound_id)
    if inbound.is_settled:
        return True
    if inbound.attempts < attempts:
        return False
    quarantine(inbound_id, reason=reason, by=system_staff())
    return True
