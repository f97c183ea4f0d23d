"""Background work of accounts."""

from django.utils import timezone

from shouwen.accounts.throttle import forget_old_attempts
from shouwen.core.jobs import every


@every("23 * * * *")
def tidy_attempts() -> None:
    """Sign-in attempts older than a day are gone."""
    forget_old_attempts(at=timezone.now())
