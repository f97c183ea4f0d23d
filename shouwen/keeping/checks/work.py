"""The work: worker, background jobs, services, live screens."""

import time
from datetime import datetime, timedelta
from functools import partial

import redis
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouwen.core.clock import span_text
from shouwen.core.jobs import job_figures
from shouwen.core.live import CHANNEL, LISTENER
from shouwen.core.models import Heartbeat
from shouwen.ui.cards import HealthRow, HealthState

WORKER_SILENT_SECONDS = 30
# Web and worker start together: what is not there yet in the first seconds is no trouble.
LOADED_AT = time.monotonic()
SERVICE_SILENT_SECONDS = 120
JOB_WAITS_SECONDS = 5 * 60
FORGOTTEN_AFTER = timedelta(hours=1)
Row = partial(HealthRow, group="work")

# People's own signs of life are no service; the worker has a row of its own.
_NO_SERVICE = ("worker:", "staff:")
_SERVICE_LABELS = {
    "mailroom.fetch": gettext_lazy("Fetching mail"),
    "mailroom.send": gettext_lazy("Sending mail"),
}


def worker(at: datetime) -> list[HealthRow]:
    """Whether a worker lives: without one mail, notices and timers stand still."""
    seen = Heartbeat.objects.filter(name__startswith="worker:").order_by("-beat_at").first()
    label = _("Background worker")
    if seen is None:
        text = _("Not seen yet. Mail, notices and timers stand still.")
        advice = _("Start the system with “shouwen up”.")
        has_had_time = time.monotonic() - LOADED_AT > WORKER_SILENT_SECONDS
        return [Row(label=label, state="ill", text=text, advice=advice, is_banner=has_had_time)]
    silent = (at - seen.beat_at).total_seconds()
    if silent <= WORKER_SILENT_SECONDS:
        return [Row(label=label, state="well", text=_("At work."), seen_at=seen.beat_at)]
    text = _("Not seen for %s. Mail, notices and timers stand still.") % span_text(silent)
    advice = _("It is started again by itself within seconds. If it is not, restart the system.")
    return [
        Row(
            label=label,
            state="ill",
            text=text,
            advice=advice,
            seen_at=seen.beat_at,
            is_banner=True,
        )
    ]


def jobs(at: datetime) -> list[HealthRow]:
    """The job queue: how deep, how old, what stalled and what failed."""
    figures = job_figures(at)
    label = _("Background jobs")
    counts = _("%(waiting)d waiting, %(running)d running, %(failed)d failed for good.") % {
        "waiting": figures.waiting,
        "running": figures.running,
        "failed": figures.failed,
    }
    oldest = figures.oldest_waiting_at
    waits = (at - oldest).total_seconds() if oldest else 0.0
    if waits > JOB_WAITS_SECONDS:
        late = _("The oldest one has waited %s: answers, notices and mail are late.")
        advice = _("See whether the worker is at work; add workers if the queue only grows.")
        text = f"{late % span_text(waits)} {counts}"
        return [Row(label=label, state="ill", text=text, advice=advice, is_banner=True)]
    if figures.stalled:
        words = ngettext(
            "%d job is held by a worker that is gone.",
            "%d jobs are held by workers that are gone.",
            figures.stalled,
        )
        advice = _("They are taken over within half a minute while a worker is at work.")
        text = f"{words % figures.stalled} {counts}"
        return [Row(label=label, state="near", text=text, advice=advice)]
    state: HealthState = "near" if figures.failed_lately else "well"
    advice = _("The log of the worker names them and says why.") if figures.failed_lately else ""
    return [Row(label=label, state=state, text=counts, advice=advice)]


def services(at: datetime) -> list[HealthRow]:
    """Services that keep a heartbeat; those of processes long gone are left out."""
    lately = Heartbeat.objects.filter(beat_at__gte=at - FORGOTTEN_AFTER).order_by("name")
    return [_service(beat, at) for beat in lately if not beat.name.startswith(_NO_SERVICE)]


def _service(beat: Heartbeat, at: datetime) -> HealthRow:
    label = _SERVICE_LABELS.get(beat.name, beat.name)
    silent = (at - beat.beat_at).total_seconds()
    if not beat.is_well:
        text = beat.note or _("Reports a fault.")
        return Row(label=label, state="ill", text=text, seen_at=beat.beat_at)
    if silent > SERVICE_SILENT_SECONDS:
        text = _("Not seen for %s.") % span_text(silent)
        advice = _("If it stays so, restart the worker.")
        return Row(label=label, state="near", text=text, advice=advice, seen_at=beat.beat_at)
    return Row(label=label, state="well", text=_("At work."), seen_at=beat.beat_at)


def live(at: datetime) -> list[HealthRow]:
    """Web processes that listen for changes; without one, screens refresh by polling only."""
    del at
    label = _("Live screens")
    try:
        count = _listeners()
    except redis.RedisError:
        text = _("Redis does not answer. Screens catch up by asking again.")
        advice = _("Start Redis, or take REDIS_URL out of the settings.")
        return [Row(label=label, state="near", text=text, advice=advice)]
    if not count:
        text = _("No process listens for changes. Screens catch up by asking again.")
        advice = _("Restart the web process.")
        return [Row(label=label, state="near", text=text, advice=advice)]
    text = ngettext("%d process listens for changes.", "%d processes listen for changes.", count)
    return [Row(label=label, state="well", text=text % count)]


def _listeners() -> int:
    if settings.REDIS_URL:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            return int(client.pubsub_numsub(CHANNEL)[0][1])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [LISTENER],
        )
        return int(cursor.fetchone()[0])
