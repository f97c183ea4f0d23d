"""How long the logs of sign-ins and of revealed data are kept."""

from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import ReadLog, SignIn


@transaction.atomic
def forget_old_logs(*, sign_in_days: int, read_days: int, at: datetime) -> tuple[int, int]:
    """Ended sign-ins and read-log rows older than so many days are gone; 0 keeps them for ever.

    Returns how many of each went. Open sign-ins stay, however old.
    """
    signed, read = 0, 0
    if sign_in_days:
        ended = SignIn.objects.filter(ended_at__lt=at - timedelta(days=sign_in_days))
        signed = ended.delete()[0]
    if read_days:
        read = ReadLog.objects.filter(at__lt=at - timedelta(days=read_days)).delete()[0]
    return signed, read
