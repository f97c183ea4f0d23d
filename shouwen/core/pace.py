"""How often something may happen (限流): counted in the database, so alike for all processes and machines."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from shouwen.core.models import Pace

COUNT = """
INSERT INTO pace (name, ends_at, count) VALUES (%(name)s, %(ends_at)s, 1)
ON CONFLICT (name) DO UPDATE SET
    count = CASE WHEN pace.ends_at <= %(at)s THEN 1 ELSE pace.count + 1 END,
    ends_at = CASE WHEN pace.ends_at <= %(at)s THEN EXCLUDED.ends_at ELSE pace.ends_at END
RETURNING count
"""


def is_within_pace(kind: str, who: object, *, limit: int, window: timedelta, at: datetime) -> bool:
    """Whether this is at most the `limit`-th time within a window that began with the first one.

    One statement. Who it was is kept as a digest only, and forgotten when the window is over.
    """
    name = salted_hmac("core.pace", f"{kind}:{who}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"name": name, "ends_at": at + window, "at": at})
        count: int = cursor.fetchone()[0]
    return count <= limit


def forget_old_paces(*, at: datetime) -> int:
    """Counts whose window is over are gone; returns how many."""
    deleted, _by_model = Pace.objects.filter(ends_at__lte=at).delete()
    return deleted
