"""Presence as the sockets see it: whoever has no browser open any more is away."""

from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import Presence, PresenceState
from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.queries import system_staff
from shouwen.conversations.workflow import AWAY_SECONDS
from shouwen.core.models import Heartbeat

BEAT = "staff:"


@transaction.atomic
def end_presence_of_the_gone(*, at: datetime) -> int:
    """Who is not offline, but has had no browser open for a while, is offline; how many were.

    A signed-in person with a closed lid must not be shown online, nor get visitors (FIELD b9).
    """
    border = at - timedelta(seconds=AWAY_SECONDS)
    there = Heartbeat.objects.filter(name__startswith=BEAT, beat_at__gte=border)
    alive = {int(name.removeprefix(BEAT)) for name in there.values_list("name", flat=True)}
    gone = (
        Presence.objects.exclude(state=PresenceState.OFFLINE)
        .filter(since__lt=border)
        .exclude(staff__in=alive)
        .values_list("staff", flat=True)
    )
    system = system_staff()
    for staff_id in list(gone):
        set_presence(staff_id, state=PresenceState.OFFLINE, at=at, by=system)
    return len(gone)
