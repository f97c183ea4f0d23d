"""Background work of accounts."""

from django.conf import settings
from django.utils import timezone

from shouwen.accounts.operations.logs import forget_old_logs
from shouwen.accounts.throttle import forget_old_attempts
from shouwen.core.jobs import every
from shouwen.core.pace import forget_old_paces


@every("23 * * * *")
def tidy_attempts() -> None:
    """Sign-in attempts older than a day are gone."""
    forget_old_attempts(at=timezone.now())


@every("53 3 * * *")
def tidy_logs() -> None:
    """Who signed in and who revealed what is kept as long as the settings say."""
    forget_old_logs(
        sign_in_days=settings.SIGN_IN_LOG_DAYS,
        read_days=settings.READ_LOG_DAYS,
        at=timezone.now(),
    )


@every("13 * * * *")
def tidy_paces() -> None:
    """Counts of how often strangers came are gone when their hour is over."""
    forget_old_paces(at=timezone.now())
