"""From the embedded database to Debian's PostgreSQL 15, by the commands of docs/operating/move-database.md."""

import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.layout import ROOT
from tests.faults.ledger import Ledger, call
from tests.faults.talkers import Visitor
from tests.machines.here import Here
from tests.machines.pages import blocks, commands, settings
from tests.machines.servers import PostgresServer
from tests.machines.test_rolling import shouwen
from tests.machines.widget import SET_UP, SITE
from tests.served import Served, free_port, new_served

PAGE = "move-database.md"
PROGRAM = "/opt/shouwen/.venv/bin/shouwen"


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A server with nothing in it but what the page's SQL makes."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-server-"))
    folder.chmod(0o755)
    here = Here(folder)
    server = PostgresServer(here, free_port())
    try:
        server.start()
        with server.connect("postgres") as one:
            one.execute("DROP DATABASE shouwen")
            for statement in blocks(PAGE, "sql")[0].splitlines():
                one.execute(statement.replace("PASSWORD 'PASSWORD'", "PASSWORD 'geheim'"))
        yield server
    finally:
        here.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with new_served(demo=False, DB_POOL="6") as served:
        shouwen(served, "shell", "-c", SET_UP)
        yield served


def as_typed(line: str, served: Served, postgres: PostgresServer) -> list[str]:
    """A command of the page with our places in it."""
    ours = f"{sys.executable} -m shouwen.config.cli"
    line = line.replace("sudo -u shouwen ", "env ").replace(PROGRAM, ours)
    line = line.replace("/var/lib/shouwen", str(served.data_dir))
    return shlex.split(of_ours(line, postgres))


def of_ours(text: str, postgres: PostgresServer) -> str:
    """An address of the page as ours."""
    return text.replace(":PASSWORD@db.example.com:5432", f":geheim@{postgres.place}")


def run(words: list[str], served: Served) -> subprocess.CompletedProcess[str]:
    environment = served.whole_environment() | {"LANG": "en_US.UTF-8"}
    return subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def lines_of(visitor: Visitor) -> list[str]:
    return [one["text"] for one in visitor.all_lines() if one["kind"] == "visitor"]


def test_everything_moves_and_is_served_from_there(served, postgres):
    stop, backup, move, start = commands(PAGE)
    assert (stop, start) == ("systemctl stop shouwen", "systemctl start shouwen")
    visitor = Visitor(f"{served.url}/widget/{SITE}", "甲", Ledger(served.data_dir / "ledger"))
    visitor.arrive()
    for number in range(5):
        visitor.say(number, until=time.monotonic() + 20)
    before = lines_of(visitor)
    typed = as_typed(move, served, postgres)

    while_running = run(typed, served)
    served.stop()
    saved = run(as_typed(backup, served, postgres), served)
    moved = run(typed, served)
    again = run(typed, served)
    without = subprocess.run(
        [sys.executable, "-m", "shouwen.config.cli", "up"],
        cwd=ROOT,
        env=served.whole_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert while_running.returncode == 1
    assert "The system runs" in while_running.stderr
    assert saved.returncode == 0, saved.stderr
    assert moved.returncode == 0, moved.stderr
    assert "all counted" in moved.stdout
    assert "geheim" not in moved.stdout + moved.stderr
    assert "was moved to" in again.stderr + without.stdout + without.stderr
    assert without.returncode != 0

    served.environment |= {name: of_ours(value, postgres) for name, value in settings(PAGE).items()}
    served.start()
    visitor.say(9, until=time.monotonic() + 20)

    assert call(f"{served.url}/widget/{SITE}/session", {})["token"]
    assert lines_of(visitor) == [*before, "甲 第 9 句：电梯又停了"]
    assert postgres.rows("SHOW server_version_num")[0][0].startswith("15")
    wait_for_work(postgres)


def wait_for_work(postgres: PostgresServer) -> None:
    """The worker lives on the new database: what was queued there gets done."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        [(waiting,)] = postgres.rows(
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            " AND coalesce(scheduled_at, now()) <= now()"
        )
        if not waiting:
            return
        time.sleep(0.2)
    raise AssertionError("jobs wait on the new database")


def test_refuses_a_database_that_is_not_empty(served, postgres):
    move = commands(PAGE)[2]
    with new_served(demo=False) as other:
        other.stop()
        refused = run(as_typed(move, other, postgres), other)

        assert refused.returncode == 1
        assert "is not empty" in refused.stderr
        assert not (other.data_dir / "moved-to").exists()
        assert (other.data_dir / "postgres" / "PG_VERSION").exists()
