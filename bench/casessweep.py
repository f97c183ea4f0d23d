"""The sweep of clocks that fall due together: two workers, every clock announced once."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.filling import running

WORKERS = 2
# All of them are told to begin together, once each has the code in memory and a connection.
BEGIN = (
    "import sys, django; django.setup(); from django.db import connection; "
    "connection.ensure_connection(); "
    "from django.utils import timezone; from shouwen.deadlines.operations import sweep_deadlines; "
    "print('ready', flush=True); sys.stdin.readline(); "
    "print(sweep_deadlines(at=timezone.now()), flush=True)"
)
FALL_DUE = """
    UPDATE deadline SET due_at = now() - random() * interval '1 minute',
           warn_at = now() - interval '2 minutes', warned_at = now() - interval '2 minutes',
           missed_at = NULL
    WHERE id IN (SELECT id FROM deadline WHERE subject_kind = 'case' AND met_at IS NULL
                 AND cancelled_at IS NULL AND paused_at IS NULL ORDER BY id DESC LIMIT %s)
"""


@dataclass(frozen=True)
class Swept:
    """How long it took, and what the books say."""

    due: int
    seconds: float
    announced: int
    doubles: int
    left: int
    shares: list[int]


def sweep(folder: Path, due: int) -> Swept:
    """So many clocks fall due at once; two workers announce them."""
    with running(folder) as url, psycopg.connect(url, autocommit=True) as connection:
        count = connection.execute(FALL_DUE, [due]).rowcount
        connection.execute("VACUUM ANALYZE deadline")
        before = _newest(connection)
        workers = [_worker(folder) for _one in range(WORKERS)]
        for worker in workers:
            assert worker.stdout
            worker.stdout.readline()
        begun = time.monotonic()
        for worker in workers:
            assert worker.stdin
            worker.stdin.write("go\n")
            worker.stdin.flush()
        shares = [int(worker.communicate()[0]) for worker in workers]
        seconds = time.monotonic() - begun
        announced, once = connection.execute(
            "SELECT count(*), count(DISTINCT subject_id) FROM history"
            " WHERE id > %s AND name = 'deadlines.DeadlineMissed'",
            [before],
        ).fetchone() or (0, 0)
        left = connection.execute(
            "SELECT count(*) FROM deadline WHERE due_at < now() AND missed_at IS NULL"
            " AND met_at IS NULL AND cancelled_at IS NULL AND paused_at IS NULL"
        ).fetchone()
        assert left
        # What the sweep set off is not measured here, and must not run into the next measurement.
        connection.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    return Swept(count, seconds, announced, announced - once, left[0], shares)


def _newest(connection: psycopg.Connection) -> int:
    found = connection.execute("SELECT coalesce(max(id), 0) FROM history").fetchone()
    assert found
    return int(found[0])


def _worker(folder: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "shouwen.config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
