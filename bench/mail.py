"""How fast waiting mail becomes conversations, from a real IMAP mailbox through the served product.

`MAILS=500 make bench NAME=mail` for a shorter run.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from bench.mails import Post, SentMail
from shouwen.core.database import embedded_url
from shouwen.mailroom.tests.servers import PASSWORD, Dovecot
from tests.architecture.layout import ROOT
from tests.served import OF_THE_TESTS, Served

COUNT = int(os.environ.get("MAILS", "5000"))
USER = "bench"
LOOK_SECONDS = 0.1
WITHIN_SECONDS = 3600.0
SET_UP = """
from shouwen.accounts.models import Department
from shouwen.accounts.operations.departments import found_departments
from shouwen.accounts.queries import system_staff
from shouwen.conversations.operations.setup import ensure_default_queue
by = system_staff()
found_departments(by=by)
ensure_default_queue(name="客服", department=Department.objects.get(code="service"), by=by)
"""
CONNECT = """
from shouwen.accounts.queries import system_staff
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations import save_mailbox
mailbox = Mailbox(name="客服", address="service@shop.example", imap_host="127.0.0.1",
    imap_port={port}, imap_security="none", imap_username="{user}")
save_mailbox(mailbox, passwords={{"imap_password": "{password}"}}, by=system_staff())
"""
BEGAN = "SELECT count(*) FROM mailroom_mailbox WHERE uidvalidity IS NOT NULL"
SETTLED = "SELECT count(*) FROM mailroom_inbound WHERE state <> 'received'"
STATES = "SELECT state, count(*) FROM mailroom_inbound GROUP BY state ORDER BY state"
ROWS = "SELECT message_id, state, coalesce(reason, '') FROM mailroom_inbound"
LINES = """
SELECT l.meta->>'message_id', l.conversation_id, l.text
FROM conversations_line l WHERE l.kind = 'visitor'
"""


@dataclass(frozen=True)
class Outcome:
    """What is on the ledger and in conversations, held against what was put into the mailbox."""

    lost: int
    doubled: int
    unreadable: int
    torn: int
    states: dict[str, int]


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    print(f"writing {COUNT} mails ...", flush=True)
    mails = list(Post().mails(COUNT))
    imap = Dovecot()
    imap.start()
    imap.drop(USER, *[mail.raw for mail in mails])
    size = sum(len(mail.raw) for mail in mails) / 2**20
    print(f"{COUNT} mails, {size:.0f} MB, wait on the IMAP server", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="shouwen-bench-") as folder:
            served = Served(Path(folder) / "data", demo=False, MAILROOM_ALLOW_PRIVATE="1")
            served.start()
            try:
                _report(*_measure(served, imap, mails))
            finally:
                served.stop()
    finally:
        imap.remove()


@dataclass(frozen=True)
class Run:
    """How long it took, what it cost in processor time by process, and the worker's memory."""

    seconds: float
    cpu_seconds: dict[str, float]
    worker_peak_mb: float


def _measure(served: Served, imap: Dovecot, mails: list[SentMail]) -> tuple[Run, Outcome]:
    _in_shell(served, SET_UP)
    with psycopg.connect(embedded_url(served.data_dir), autocommit=True) as database:
        _in_shell(served, CONNECT.format(port=imap.port, user=USER, password=PASSWORD))
        while not _number(database, BEGAN):
            time.sleep(LOOK_SECONDS)
        begun, cpu, peak = time.monotonic(), _cpu_seconds(served), 0.0
        while (settled := _number(database, SETTLED)) < len(mails):
            peak = max(peak, _worker_mb(served))
            if time.monotonic() - begun > WITHIN_SECONDS:
                print(f"gave up: {settled} of {len(mails)} settled", flush=True)
                break
            time.sleep(LOOK_SECONDS)
        seconds, after = time.monotonic() - begun, _cpu_seconds(served)
        spent = {name: after[name] - cpu.get(name, 0.0) for name in after}
        return Run(seconds, spent, peak), _judge(database, mails)


def _cpu_seconds(served: Served) -> dict[str, float]:
    """Processor time so far, by what the processes do; PostgreSQL's are taken together."""
    found: dict[str, float] = {}
    for name, member in served.members().items():
        for process in (
            [member, *member.children(recursive=True)] if name == "postgres" else [member]
        ):
            times = process.cpu_times()
            found[name] = found.get(name, 0.0) + times.user + times.system
    return found


def _in_shell(served: Served, code: str) -> None:
    environment = {name: os.environ[name] for name in os.environ.keys() - OF_THE_TESTS}
    subprocess.run(
        [sys.executable, "-m", "shouwen.config.cli", "shell", "-c", code],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(served.data_dir)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _number(database: psycopg.Connection, query: str) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0


def _worker_mb(served: Served) -> float:
    worker = served.members().get("work")
    try:
        return worker.memory_info().rss / 2**20 if worker else 0.0
    except psutil.NoSuchProcess:
        return 0.0


def _judge(database: psycopg.Connection, mails: list[SentMail]) -> Outcome:
    rows = {row[0]: row[1] for row in database.execute(ROWS)}
    places: dict[str, list[int]] = {}
    texts: dict[str, str] = {}
    doubled = _number(database, SETTLED) - len(rows)
    for message_id, conversation_id, text in database.execute(LINES):
        places.setdefault(message_id, []).append(conversation_id)
        texts[message_id] = text
    doubled += sum(len(found) - 1 for found in places.values())
    lost = unreadable = torn = 0
    for mail in mails:
        state, is_line = rows.get(mail.message_id), mail.message_id in places
        lost += state is None or (mail.fate == "line" and not is_line)
        lost += mail.fate == "dropped" and state != "dropped"
        unreadable += is_line and mail.says not in texts[mail.message_id]
        if mail.answers and is_line:
            torn += places[mail.message_id] != places.get(mail.answers)
    states = {row[0]: row[1] for row in database.execute(STATES)}
    return Outcome(lost, doubled, unreadable, torn, states)


def _report(run: Run, outcome: Outcome) -> None:
    costs = {name: round(spent / COUNT * 1000, 2) for name, spent in run.cpu_seconds.items()}
    print(f"{run.seconds:.1f} s; the ledger: {outcome.states}")
    print(f"processor milliseconds a mail: {costs}; the worker's peak: {run.worker_peak_mb:.0f} MB")
    print(f"replies outside the thread of what they answer: {outcome.torn}")
    print(f"lines without the words that were written: {outcome.unreadable}")
    result = {
        "mails_per_s": round(COUNT / run.seconds, 1),
        "lost": outcome.lost,
        "doubled": outcome.doubled,
        "torn": outcome.torn,
        "unreadable": outcome.unreadable,
        "mails": COUNT,
        "cpu_ms_a_mail": round(sum(costs.values()), 2),
        "worker_peak_mb": round(run.worker_peak_mb),
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
