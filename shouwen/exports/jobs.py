"""What the clock does with exports."""

from django.utils import timezone

from shouwen.core.jobs import every
from shouwen.exports.operations import tidy_exports


@every("*/10 * * * *")
def tidy() -> None:
    """Old files go; broken-off exports say so."""
    tidy_exports(at=timezone.now())
