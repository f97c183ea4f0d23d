"""Tidying."""

from django.utils import timezone

from shouwen.api.operations import forget_old_requests
from shouwen.core.jobs import every


@every("41 3 * * *")
def tidy() -> None:
    """Forget old answers."""
    forget_old_requests(at=timezone.now())
