"""Writes about presence: what somebody is doing now."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.events import PresenceChanged
from shouwen.accounts.models import Presence, PresenceSpan, PresenceState, Staff
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.core.bus import publish
from shouwen.core.errors import Refused


class BreakNeedsReason(Refused):
    """A break says why."""


class UnknownPresence(Refused):
    """There is no such state."""


def set_presence(
    staff_id: int, *, state: str, reason: str = "", at: datetime, by: Staff
) -> Presence:
    """The person is in this state from `at`; the state before is closed as a span.

    The same state again changes nothing. A break needs a reason. Others are changed only by who
    may; who is not active stays offline.
    """
    if staff_id != by.pk:
        require(by, AccountsPermission.SET_PRESENCE_OF_OTHERS)
    if state not in PresenceState.values:
        raise UnknownPresence(_("There is no such state."))
    if state == PresenceState.BREAK and not reason.strip():
        raise BreakNeedsReason(_("Please say what the break is for."))
    staff = Staff.objects.get(pk=staff_id)
    return move_presence(staff, state, reason=reason.strip(), at=at, by=by)


@transaction.atomic
def move_presence(
    staff: Staff, state: str, *, reason: str = "", at: datetime, by: Staff
) -> Presence:
    """As set_presence, without asking who may: signing out and leaving come here too."""
    if not staff.is_active:
        state = PresenceState.OFFLINE
    Presence.objects.bulk_create(
        [Presence(staff=staff, state=PresenceState.OFFLINE, since=at)], ignore_conflicts=True
    )
    presence = Presence.objects.select_for_update().get(pk=staff.pk)
    reason = reason[:60] if state == PresenceState.BREAK else ""
    if (presence.state, presence.reason) == (state, reason):
        return presence
    old_state = presence.state
    PresenceSpan.objects.create(
        staff=staff,
        state=old_state,
        reason=presence.reason,
        started_at=min(presence.since, at),
        ended_at=at,
    )
    presence.state, presence.reason, presence.since = state, reason, at
    presence.save()
    publish(
        PresenceChanged(
            staff_id=staff.pk, old_state=old_state, state=state, reason=reason, by_id=by.pk
        )
    )
    return presence
