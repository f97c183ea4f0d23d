"""Backup and restore of a large data folder while the product serves and is written to.

SIZE (100000) conversations with five messages each; BENCH_DATA (.build/bench) keeps the data folder
for the next run. A writer posts lines all along: what was acknowledged before the backup began must
be in the restored copy.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg

from bench.inboxload import loaded
from shouwen.core.database import EmbeddedPostgres, embedded_url
from tests.faults.ledger import Ledger
from tests.faults.scene import NO_PACE, SITE
from tests.faults.talkers import Visitor
from tests.keeping.commands import PROGRAM, environment
from tests.served import Served

SIZE = int(os.environ.get("SIZE", "100000"))
FOLDER = Path(os.environ.get("BENCH_DATA", ".build/bench")).resolve()
STAGE = f"""
from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Queue, WidgetSite
from shouwen.conversations.operations.setup import save_widget_site
if not WidgetSite.objects.filter(key="{SITE}").exists():
    site = WidgetSite(key="{SITE}", name="bench", title="bench", queue=Queue.objects.order_by("pk").first())
    save_widget_site(site, by=system_staff())
"""


def command(data_dir: Path, *words: str) -> float:
    """Run one command on a data folder, its progress on the terminal; the seconds it took."""
    begun = time.monotonic()
    subprocess.run([*PROGRAM, *words], env=environment(data_dir), check=True)
    return time.monotonic() - begun


class Writer:
    """One visitor who writes ten lines a second until told to stop."""

    def __init__(self, served: Served, ledger: Ledger) -> None:
        self.visitor = Visitor(f"{served.url}/widget/{SITE}", "客", ledger)
        self.visitor.arrive()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._write)
        self.thread.start()

    def _write(self) -> None:
        number = 0
        while not self.stop.wait(0.1):
            number += 1
            self.visitor.say(number, until=time.monotonic() + 30)

    def end(self) -> None:
        """No more lines."""
        self.stop.set()
        self.thread.join()


def lines_there(data_dir: Path) -> set[str]:
    """The client ids of all visitors' lines in a data folder."""
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        with psycopg.connect(embedded_url(data_dir)) as connection:
            found = connection.execute(
                "SELECT client_id::text FROM conversations_line WHERE kind = 'visitor'"
                " AND at > now() - interval '1 day'"
            )
            return {one for (one,) in found}
    finally:
        server.stop()


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    source = FOLDER / f"inbox-{SIZE}"
    loaded(source, SIZE)
    kept, target = FOLDER / "backup-kept", FOLDER / "backup-restored"
    for old in (kept, target):
        shutil.rmtree(old, ignore_errors=True)
    served = Served(source, demo=False, **NO_PACE)
    served.start()
    ledger = Ledger(FOLDER / "backup-ledger.tsv")
    try:
        subprocess.run(
            [*PROGRAM, "shell", "-v0", "-c", STAGE], env=environment(source, **NO_PACE), check=True
        )
        writer = Writer(served, ledger)
        time.sleep(3)
        before = set(ledger.acked)
        backup_s = command(source, "backup", "--to", str(kept))
        second_s = command(source, "backup", "--to", str(kept))
        writer.end()
    finally:
        served.stop()
    restore_s = command(target, "restore", str(kept), "--into", str(target))
    manifest = json.loads(sorted(kept.glob("2*/manifest.json"))[0].read_text())
    missing = before - lines_there(target)
    copy = Served(target, demo=False)
    begun = time.monotonic()
    copy.start()
    ready_s = time.monotonic() - begun
    copy.stop()
    result = {
        "rows": sum(manifest["rows"].values()),
        "messages": manifest["rows"]["conversations_line"],
        "backup_s": round(backup_s, 1),
        "second_backup_s": round(second_s, 1),
        "restore_s": round(restore_s, 1),
        "ready_s": round(ready_s, 1),
        "size_mb": round((manifest["dump_size"] + manifest["file_bytes"]) / 2**20, 1),
        "acked_before": len(before),
        "lost": len(missing),
    }
    print("RESULT", json.dumps(result))
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
