"""The sweep that makes clocks speak."""

from django.utils import timezone

from shouwen.core.jobs import every
from shouwen.deadlines.operations import sweep_deadlines


@every("* * * * * */15")
def sweep() -> None:
    """Announce what has come near or was missed, four times a minute."""
    sweep_deadlines(at=timezone.now())
