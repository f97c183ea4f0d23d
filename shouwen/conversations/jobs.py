"""Timers of conversations."""

from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.conversations.operations.presence import end_presence_of_the_gone
from shouwen.conversations.operations.routing import (
    return_from_the_absent,
    route_waiting,
    settle_long_waits,
)
from shouwen.conversations.operations.voices import send_voice_reports
from shouwen.core.jobs import every


@every("* * * * * */5")
def keep_queues_moving() -> None:
    """No waiting visitor beside an idle agent, and nobody waits longer than his queue allows."""
    at = timezone.now()
    return_from_the_absent(at=at)
    settle_long_waits(at=at)
    route_waiting(at=at)


@every("*/5 * * * *")
def report_what_was_heard() -> None:
    """Who leads has the needs and opinions of each shift when it ends. (D019, D297)"""
    send_voice_reports(at=timezone.now(), by=system_staff())


@every("* * * * * */30")
def notice_who_is_gone() -> None:
    """Who has no browser open any more is offline."""
    end_presence_of_the_gone(at=timezone.now())
