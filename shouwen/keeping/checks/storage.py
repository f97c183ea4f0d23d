"""Where things are kept: database, its connections, disks, backups."""

import shutil
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwen.core.clock import moment_text, span_text
from shouwen.keeping.backup.progress import size_text
from shouwen.keeping.models import Backup
from shouwen.keeping.queries import BackupStanding, backup_standing
from shouwen.ui.cards import HealthRow, HealthState

DISK_LOW_BYTES = 2 * 1024**3
DISK_OUT_BYTES = 512 * 1024**2
CONNECTIONS_NEAR, CONNECTIONS_OUT = 0.8, 0.95
BACKUP_NEAR, BACKUP_OLD = timedelta(hours=26), timedelta(hours=50)
Row = partial(HealthRow, group="storage")


def database(at: datetime) -> list[HealthRow]:
    """The server's version and size, and how many of its connections are in use."""
    del at
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), current_setting('server_version'),"
            " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        size, version, used, limit = cursor.fetchone()
    text = _("PostgreSQL %(version)s, %(size)s.") % {
        "version": version.split()[0],
        "size": size_text(size),
    }
    return [Row(label=_("Database"), state="well", text=text), _connections(used, limit)]


def _connections(used: int, limit: int) -> HealthRow:
    label = _("Database connections")
    text = _("%(used)d of %(limit)d in use.") % {"used": used, "limit": limit}
    if used < limit * CONNECTIONS_NEAR:
        return Row(label=label, state="well", text=text)
    words = _("When none is left, pages answer 503 until one comes free.")
    advice = _("Lower DB_POOL or the number of processes, or raise max_connections of the server.")
    is_out = used >= limit * CONNECTIONS_OUT
    return Row(
        label=label,
        state="ill" if is_out else "near",
        text=f"{text} {words}",
        advice=advice,
        is_banner=is_out,
    )


def disks(at: datetime) -> list[HealthRow]:
    """The room on each disk that we write to, named by what lies on it."""
    del at
    on_disk: dict[int, list[tuple[str, Path]]] = defaultdict(list)
    for what, path in _written_places():
        if path.exists():
            on_disk[path.stat().st_dev].append((what, path))
    return [_disk([what for what, _path in places], places[0][1]) for places in on_disk.values()]


def _written_places() -> list[tuple[str, Path]]:
    places = [(_("data"), settings.DATA_DIR)]
    if settings.IS_EMBEDDED:
        places.append((_("database"), settings.DATA_DIR / "postgres"))
    if not settings.FILE_BUCKET:
        places.append((_("files"), Path(settings.MEDIA_ROOT)))
    places += [(_("log"), settings.DATA_DIR / "log"), (_("backups"), settings.BACKUP_DIR)]
    return places


def _disk(names: list[str], path: Path) -> HealthRow:
    usage = shutil.disk_usage(path)
    label = _("Disk: %s") % _(", ").join(names)
    text = _("%(free)s free of %(total)s.") % {
        "free": size_text(usage.free),
        "total": size_text(usage.total),
    }
    advice = _(
        "Make room, or move what is large: FILES_DIR, BACKUP_DIR. Reading goes on meanwhile."
    )
    if usage.free < DISK_OUT_BYTES:
        words = _("Soon nothing more can be stored: no message, no mail, no file.")
        return Row(label=label, state="ill", text=f"{text} {words}", advice=advice, is_banner=True)
    if usage.free < DISK_LOW_BYTES:
        return Row(label=label, state="near", text=text, advice=advice)
    return Row(label=label, state="well", text=text)


def backups(at: datetime) -> list[HealthRow]:
    """When the last good backup was, and what is wrong with the newest try."""
    standing = backup_standing()
    last = standing.last_try
    if last is not None and last.state == Backup.State.FAILED:
        text = _("The last backup failed %(when)s: %(words)s") % {
            "when": moment_text(last.started_at, at=at),
            "words": last.words,
        }
        advice = _(
            "Mend the cause; it is tried again every hour, or at once with “shouwen backup”."
        )
        return [_backup_row("ill", f"{text} {_good_words(standing, at)}", advice, standing)]
    if standing.last_good is None:
        return [_none_yet(standing, at)]
    return [_by_age(standing, standing.last_good, at)]


def _none_yet(standing: BackupStanding, at: datetime) -> HealthRow:
    if not settings.BACKUP_AT and not settings.IS_EMBEDDED:
        text = _("The database is looked after elsewhere; its backups are not seen from here.")
        advice = _("To have backups made here too, set BACKUP_AT.")
        return _backup_row("unknown", text, advice, standing)
    if not settings.BACKUP_AT:
        text = _("Backups are switched off, and there is none.")
        return _backup_row("ill", text, _("Set BACKUP_AT, or run “shouwen backup”."), standing)
    if standing.installed_at and at - standing.installed_at < BACKUP_NEAR:
        hours = _(", ").join(f"{hour:%H:%M}" for hour in settings.BACKUP_AT)
        return _backup_row("well", _("The first one is taken at %s.") % hours, "", standing)
    text = _("There is no backup. When the disk breaks, all is lost.")
    return _backup_row("ill", text, _("Run “shouwen backup” and read what it says."), standing)


def _by_age(standing: BackupStanding, good: Backup, at: datetime) -> HealthRow:
    age = at - good.started_at
    text, advice = _good_words(standing, at), ""
    state: HealthState = "well"
    if age > BACKUP_NEAR:
        state = "ill" if age > BACKUP_OLD else "near"
        text = _("It is too old. %s") % text
        advice = _("See that a worker runs and BACKUP_AT is set, or run “shouwen backup”.")
    elif good.missing_files:
        words = ngettext(
            "%d file that rows name is missing or damaged in the file store.",
            "%d files that rows name are missing or damaged in the file store.",
            good.missing_files,
        )
        state, text = "near", f"{text} {words % good.missing_files}"
        advice = _("“shouwen backup --check” lists them; look for them in older backups.")
    return _backup_row(state, text, advice, standing)


def _good_words(standing: BackupStanding, at: datetime) -> str:
    good = standing.last_good
    if good is None:
        return _("There is no good one.")
    return _("Last good one %(when)s: %(size)s in %(span)s, in %(folder)s.") % {
        "when": moment_text(good.started_at, at=at),
        "size": size_text(good.size),
        "span": span_text(max(1, good.seconds)),
        "folder": good.folder,
    }


def _backup_row(state: HealthState, text: str, advice: str, standing: BackupStanding) -> HealthRow:
    good = standing.last_good
    return Row(
        label=_("Backup"),
        state=state,
        text=text,
        advice=advice,
        seen_at=good.started_at if good else None,
        is_banner=state == "ill",
    )
