"""Whether a backup is due, and how the backups stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from shouwen.keeping.models import Backup

# After a failure the next try waits.
TRY_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class BackupStanding:
    """The last good backup, the last try, and since when this installation could have made one."""

    last_good: Backup | None
    last_try: Backup | None
    installed_at: datetime | None


def backup_standing() -> BackupStanding:
    """How the backups stand, by the ledger."""
    tries = Backup.objects.newest_first()
    return BackupStanding(
        last_good=tries.good().first(), last_try=tries.first(), installed_at=_installed_at()
    )


def last_backups(count: int) -> list[Backup]:
    """The newest tries, newest first."""
    return list(Backup.objects.newest_first()[:count])


def backup_is_due(hours: Sequence[time], *, at: datetime) -> bool:
    """Whether one of the daily hours has passed since the last try; after a failure, an hour later.

    A machine that slept through its hour makes up for it. A new installation waits for its first.
    """
    passed = last_passed(hours, at=at)
    standing = backup_standing()
    last = standing.last_try
    since = last.started_at if last else standing.installed_at
    if passed is None or since is None:
        return False
    if last is not None and last.state == Backup.State.RUNNING:
        return False
    if last is not None and last.state == Backup.State.FAILED:
        return at - last.started_at >= TRY_AGAIN_AFTER
    return since < passed


def last_passed(hours: Sequence[time], *, at: datetime) -> datetime | None:
    """The latest moment, not after `at`, at which one of the local hours struck."""
    here = timezone.localtime(at)
    moments = [
        datetime.combine(here.date() - timedelta(days=days), hour, tzinfo=here.tzinfo)
        for days in (0, 1)
        for hour in hours
    ]
    return max((one for one in moments if one <= at), default=None)


def is_installed() -> bool:
    """Whether the ledger is there: a database older than this version has none yet."""
    return Backup._meta.db_table in connection.introspection.table_names()


def _installed_at() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations WHERE app = 'keeping'")
        row = cursor.fetchone()
    found: datetime | None = row[0] if row else None
    return found
