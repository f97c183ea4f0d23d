"""Reads about presence."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from shouwen.accounts.models import (
    Presence,
    PresenceSpan,
    PresenceState,
    Staff,
    StaffQuerySet,
)
from shouwen.accounts.queries.people import managed_staff
from shouwen.core.clock import day_bounds


def presence_of(staff: Staff, *, at: datetime) -> Presence:
    """What the person is doing; offline when nothing was ever said. `at` dates that answer."""
    found = Presence.objects.filter(staff=staff).first()
    return found or Presence(staff=staff, state=PresenceState.OFFLINE, since=at)


def presence_state(staff: Staff) -> PresenceState:
    """What the person is doing, of a row read with its presence; no row means offline."""
    presence = getattr(staff, "presence", None)
    return PresenceState(presence.state) if presence else PresenceState.OFFLINE


@dataclass(frozen=True, kw_only=True)
class PresenceSwitch:
    """What one may change one's presence to, and what it is."""

    state: PresenceState
    reason: str
    since: datetime | None
    states: list[PresenceState]
    break_reasons: list[str]


def presence_switch(staff: Staff) -> PresenceSwitch:
    """The states to choose from, of a row read with its presence; a break is chosen by its reason."""
    presence = getattr(staff, "presence", None)
    return PresenceSwitch(
        state=presence_state(staff),
        reason=presence.reason if presence else "",
        since=presence.since if presence else None,
        states=[one for one in PresenceState if one != PresenceState.BREAK],
        break_reasons=[_("Meal"), _("Rest"), _("Training"), _("Meeting")],
    )


def has_stayed_since(staff: Staff, since: datetime) -> bool:
    """Whether the person is there and has not been offline from `since` on."""
    presence = Presence.objects.filter(staff=staff).exclude(state=PresenceState.OFFLINE)
    left = PresenceSpan.objects.filter(
        staff=staff, state=PresenceState.OFFLINE, started_at__gt=since
    )
    return presence.exists() and not left.exists()


def available_staff() -> StaffQuerySet:
    """Active people who are online now: who may be given new conversations."""
    people: StaffQuerySet = Staff.objects.people().active()
    return people.filter(presence__state=PresenceState.ONLINE)


@dataclass
class PresenceTotal:
    """Seconds one person spent in each state on one day."""

    staff: Staff
    seconds: dict[str, float] = field(default_factory=dict)
    breaks: dict[str, float] = field(default_factory=dict)

    def add(self, state: str, reason: str, seconds: float) -> None:
        """Count a time."""
        self.seconds[state] = self.seconds.get(state, 0) + seconds
        if state == PresenceState.BREAK:
            self.breaks[reason] = self.breaks.get(reason, 0) + seconds

    def of(self, state: str) -> float:
        """Seconds in a state."""
        return self.seconds.get(state, 0)

    @property
    def columns(self) -> list[tuple[str, float]]:
        """Each state but offline by its name, and the seconds in it."""
        states = [state for state in PresenceState if state != PresenceState.OFFLINE]
        return [(str(state.label), self.of(state)) for state in states]

    @property
    def at_work(self) -> float:
        """Seconds not offline."""
        return sum(seconds for _label, seconds in self.columns)


def presence_totals(reader: Staff, day: date, *, at: datetime) -> list[PresenceTotal]:
    """How long each person within reach was in each state on a local day, by name.

    A state that began before the day or goes on after it counts only for its part of the day; the
    present state counts up to `at`. Seconds.
    """
    start, end = day_bounds(day)
    end = min(end, at)
    people = managed_staff(reader).active().order_by("sort_key", "pk")
    totals = {one.pk: PresenceTotal(one) for one in people}
    if end <= start:
        return list(totals.values())
    spans = PresenceSpan.objects.filter(
        staff__in=list(totals), started_at__lt=end, ended_at__gt=start
    )
    for span in spans:
        seconds = (min(span.ended_at, end) - max(span.started_at, start)).total_seconds()
        totals[span.staff_id].add(span.state, span.reason, seconds)
    for now in Presence.objects.filter(staff__in=list(totals), since__lt=end):
        seconds = (end - max(now.since, start)).total_seconds()
        totals[now.staff_id].add(now.state, now.reason, seconds)
    return list(totals.values())
