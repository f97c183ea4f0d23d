"""Whether the system is well: worker, jobs, database, disk, live screens, and what parts report."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouwen.core.clock import span_text
from shouwen.core.jobs import job_figures
from shouwen.core.live import CHANNEL
from shouwen.core.models import Heartbeat
from shouwen.core.slots import filled
from shouwen.ui.cards import HealthRow, HealthState

WORKER_SILENT_SECONDS = 30
SERVICE_SILENT_SECONDS = 120
JOB_WAITS_SECONDS = 5 * 60
DISK_LOW_BYTES = 2 * 1024**3
DISK_OUT_BYTES = 512 * 1024**2
FORGOTTEN_AFTER = timedelta(hours=1)
BANNER_CACHE_SECONDS = 10


def health_rows(request: HttpRequest, *, at: datetime) -> list[HealthRow]:
    """Everything that can be well or ill, core first, then what the parts report."""
    rows = [row for check in _CHECKS for row in check(at)]
    for answer in filled("health.rows", request):
        rows += answer if isinstance(answer, list) else [answer]
    return rows


def banners(request: HttpRequest) -> list[HealthRow]:
    """What is ill and must be told on every page; looked up at most every ten seconds a person."""
    key = f"keeping.banners:{request.user.pk}"
    known: list[HealthRow] | None = cache.get(key)
    if known is None:
        rows = health_rows(request, at=timezone.now())
        known = [row for row in rows if row.is_banner and row.state == "ill"]
        cache.set(key, known, BANNER_CACHE_SECONDS)
    return known


def _worker(at: datetime) -> list[HealthRow]:
    seen = Heartbeat.objects.filter(name__startswith="worker:").order_by("-beat_at").first()
    label = _("Background worker")
    if seen is None:
        text = _("No worker has been seen yet. Start the system with “shouwen up”.")
        return [HealthRow(label=label, state="ill", text=text, is_banner=True)]
    silent = (at - seen.beat_at).total_seconds()
    if silent > WORKER_SILENT_SECONDS:
        text = _("Not seen for %s. Mail, notices and timers stand still: restart the system.")
        return [
            HealthRow(
                label=label,
                state="ill",
                text=text % span_text(silent),
                seen_at=seen.beat_at,
                is_banner=True,
            )
        ]
    return [HealthRow(label=label, state="well", text=_("At work."), seen_at=seen.beat_at)]


# People's own signs of life are no service; the worker has a row of its own.
_NO_SERVICE = ("worker:", "staff:")
_SERVICE_LABELS = {
    "mailroom.fetch": gettext_lazy("Fetching mail"),
    "mailroom.send": gettext_lazy("Sending mail"),
}


def _services(at: datetime) -> list[HealthRow]:
    """Services that keep a heartbeat; those of processes long gone are left out."""
    lately = Heartbeat.objects.filter(beat_at__gte=at - FORGOTTEN_AFTER).order_by("name")
    return [_service(beat, at) for beat in lately if not beat.name.startswith(_NO_SERVICE)]


def _service(beat: Heartbeat, at: datetime) -> HealthRow:
    label = _SERVICE_LABELS.get(beat.name, beat.name)
    silent = (at - beat.beat_at).total_seconds()
    if not beat.is_well:
        text = beat.note or _("Reports a fault.")
        return HealthRow(label=label, state="ill", text=text, seen_at=beat.beat_at)
    if silent > SERVICE_SILENT_SECONDS:
        text = _("Not seen for %s.") % span_text(silent)
        return HealthRow(label=label, state="near", text=text, seen_at=beat.beat_at)
    return HealthRow(label=label, state="well", text=_("At work."), seen_at=beat.beat_at)


def _jobs(at: datetime) -> list[HealthRow]:
    figures = job_figures(at)
    text = _("%(waiting)d waiting, %(running)d running, %(failed)d failed for good") % {
        "waiting": figures.waiting,
        "running": figures.running,
        "failed": figures.failed,
    }
    oldest = figures.oldest_waiting_at
    waits = (at - oldest).total_seconds() if oldest else 0.0
    if waits > JOB_WAITS_SECONDS:
        late = _("The oldest background job has waited %s.") % span_text(waits)
        return [
            HealthRow(
                label=_("Background jobs"), state="ill", text=f"{late} {text}", is_banner=True
            )
        ]
    state: HealthState = "near" if figures.failed else "well"
    return [HealthRow(label=_("Background jobs"), state=state, text=text)]


def _database(at: datetime) -> list[HealthRow]:
    del at
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), current_setting('server_version'),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
        )
        size, version, sessions = cursor.fetchone()
    text = _("PostgreSQL %(version)s, %(size)s, %(sessions)d connections") % {
        "version": version.split()[0],
        "size": _size(size),
        "sessions": sessions,
    }
    return [HealthRow(label=_("Database"), state="well", text=text)]


def _disk(at: datetime) -> list[HealthRow]:
    del at
    if not settings.DATA_DIR.exists():
        return []
    usage = shutil.disk_usage(settings.DATA_DIR)
    text = _("%(free)s free of %(total)s") % {
        "free": _size(usage.free),
        "total": _size(usage.total),
    }
    label = _("Disk")
    if usage.free < DISK_OUT_BYTES:
        words = _("%s: make room now, or nothing more can be stored.") % text
        return [HealthRow(label=label, state="ill", text=words, is_banner=True)]
    state: HealthState = "near" if usage.free < DISK_LOW_BYTES else "well"
    return [HealthRow(label=label, state=state, text=text)]


def _live(at: datetime) -> list[HealthRow]:
    """Web processes that listen for changes; without one, screens refresh by polling only."""
    del at
    count = _listeners()
    if not count:
        text = _("No process listens for changes. Screens catch up by asking again.")
        return [HealthRow(label=_("Live screens"), state="near", text=text)]
    text = ngettext("%d process listens for changes", "%d processes listen for changes", count)
    return [HealthRow(label=_("Live screens"), state="well", text=text % count)]


def _listeners() -> int:
    if settings.REDIS_URL:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            return int(client.pubsub_numsub(CHANNEL)[0][1])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = %s",
            [f"LISTEN {CHANNEL}"],
        )
        return int(cursor.fetchone()[0])


def _size(size: int) -> str:
    gigabytes = size / 1024**3
    return f"{gigabytes:.1f} GB" if gigabytes >= 1 else f"{size / 1024**2:.0f} MB"


_CHECKS: tuple[Callable[[datetime], list[HealthRow]], ...] = (
    _worker,
    _jobs,
    _database,
    _disk,
    _live,
    _services,
)
