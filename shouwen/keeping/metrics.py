"""Figures for Prometheus: counters of all processes of this machine, and what the database says.

Each process keeps its counters in a file of its own (PROMETHEUS_MULTIPROC_DIR); whoever is asked
adds them up. No label names a person.
"""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from shouwen.core.jobs import job_figures
from shouwen.core.slots import filled
from shouwen.keeping.queries import backup_standing

OLD_FILE_SECONDS = 24 * 3600
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter("shouwen_requests", "Requests answered", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "shouwen_request_seconds", "Seconds to answer a request", ["route"], buckets=BUCKETS
)
LINES = Counter("shouwen_lines", "Chat lines written down", ["kind"])
SOCKETS = Gauge("shouwen_sockets", "Sockets open", ["path"], multiprocess_mode="livesum")


@cache
def counting() -> bool:
    """Ready to count: the folder is there, without the files of processes long gone."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.db"):
        if not _is_alive(path) and _is_forgettable(path):
            path.unlink(missing_ok=True)
    return True


def _is_alive(path: Path) -> bool:
    number = path.stem.rpartition("_")[2]
    try:
        os.kill(int(number), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _is_forgettable(path: Path) -> bool:
    """Gauges of the dead count no more; counters stay for a day, so that sums do not fall."""
    try:
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return False
    return path.name.startswith("gauge_live") or age > OLD_FILE_SECONDS


def socket_open(path: str) -> AbstractContextManager[None]:
    """While the block runs, one more socket is open: a visitor's or one of staff."""
    counting()
    return SOCKETS.labels("widget" if "/widget/" in path else "staff").track_inprogress()


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    counting()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_FromDatabase())
    return generate_latest(registry)


class _FromDatabase:
    """What is the same whichever process is asked."""

    def collect(self) -> Iterator[Metric]:
        """Jobs, connections, backups, and what parts put into the slot `metrics`."""
        at = timezone.now()
        figures = job_figures(at)
        jobs = GaugeMetricFamily("shouwen_jobs", "Background jobs", labels=["state"])
        for state in ("waiting", "running", "failed", "stalled"):
            jobs.add_metric([state], getattr(figures, state))
        yield jobs
        oldest = figures.oldest_waiting_at
        waits = (at - oldest).total_seconds() if oldest else 0.0
        yield _gauge("shouwen_oldest_job_seconds", "How long the oldest job has waited", waits)
        yield from _connections()
        if good := backup_standing().last_good:
            age = (at - good.started_at).total_seconds()
            yield _gauge("shouwen_backup_age_seconds", "Age of the last good backup", age)
        for name, words, label, values in filled("metrics"):
            family = GaugeMetricFamily(name, words, labels=[label])
            for key, value in values.items():
                family.add_metric([key], value)
            yield family


def _connections() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity"
            " WHERE backend_type = 'client backend'"
        )
        used, limit = cursor.fetchone()
    yield _gauge("shouwen_database_connections", "Connections of the server in use", used)
    yield _gauge("shouwen_database_connections_limit", "Connections the server allows", limit)
    pool = getattr(connection, "pool", None)
    stats = pool.get_stats() if pool else {}
    family = GaugeMetricFamily(
        "shouwen_pool", "Connection pool of the process that was asked", labels=["what"]
    )
    for what in ("pool_size", "pool_available", "requests_waiting"):
        family.add_metric([what], stats.get(what, 0))
    yield family


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
