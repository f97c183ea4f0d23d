"""The parent starts again what dies, not too fast, and says what is wrong."""

import signal
import socket
import subprocess
import sys
import time

import pytest

from shouwen.config.children import LONGEST_PAUSE_SECONDS, Child
from shouwen.config.supervisor import Plan, Supervisor


@pytest.fixture
def child():
    sleeper = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    yield sleeper
    sleeper.ask_to_end()
    sleeper.end(time.monotonic() + 5)


def test_leaves_a_living_child_alone(child):
    child.start()
    process = child.process

    assert child.keep_alive() is None
    assert child.process is process


def test_starts_a_dead_child_again_after_a_pause(child):
    child.start()
    child.process.kill()
    child.process.wait()

    assert child.keep_alive() == "sleeper ended (code -9) and is started again"
    assert child.process is None

    child.next_start_at = time.monotonic()
    child.keep_alive()

    assert child.process.poll() is None


def test_pauses_longer_each_time_a_child_dies_before_it_is_at_work(child):
    pauses = []
    for _ in range(12):
        child.command = [sys.executable, "-c", ""]
        child.start()
        child.process.wait()
        child.keep_alive()
        pauses.append(child.pause)

    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_starts_one_that_was_at_work_again_at_once_however_often_it_is_killed(child):
    at_work = "import os, time; os.write(int(os.environ['READY_FD']), b'1'); time.sleep(60)"
    child.command = [sys.executable, "-c", at_work]
    for _ in range(5):
        child.start()
        deadline = time.monotonic() + 20
        while not child.has_begun() and time.monotonic() < deadline:
            time.sleep(0.02)
        child.process.kill()
        child.process.wait()
        child.keep_alive()

        assert child.pause == 0.1


def test_ends_by_force_a_child_that_does_not_listen(child):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)"
    child.command = [sys.executable, "-c", stubborn]
    child.start()
    time.sleep(0.5)

    child.ask_to_end()
    child.end(time.monotonic() + 0.2)

    assert child.process.returncode == -9


@pytest.fixture
def quiet_signals(monkeypatch):
    """pytest keeps its own Ctrl-C."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)


def test_says_in_one_line_that_the_port_is_taken(tmp_path, quiet_signals, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        code = Supervisor(tmp_path / "data", Plan(port=taken.getsockname()[1])).run()

    assert code == 1
    assert "cannot be used" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


def test_web_alone_needs_a_key_that_all_machines_share(
    tmp_path, quiet_signals, monkeypatch, capsys
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    monkeypatch.delenv("SECRET_KEY")

    assert Supervisor(tmp_path, Plan(role="web")).run() == 1
    assert "SECRET_KEY" in capsys.readouterr().out


def test_a_worker_alone_needs_a_database(tmp_path, quiet_signals, monkeypatch, capsys):
    monkeypatch.delenv("DATABASE_URL")

    assert Supervisor(tmp_path, Plan(role="worker", web_processes=0)).run() == 1
    assert "DATABASE_URL" in capsys.readouterr().out


READY = "import os, time; os.write(int(os.environ['READY_FD']), b'1'); time.sleep(60)"


def test_knows_when_a_child_does_its_work(child):
    child.command = [sys.executable, "-c", READY]
    child.start()
    before = child.has_begun()
    deadline = time.monotonic() + 5
    while not child.has_begun() and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not before
    assert child.is_ready


def test_replaces_a_process_only_by_one_that_works(tmp_path, child):
    one = Supervisor(tmp_path, Plan())
    one.children = [child]
    child.command = [sys.executable, "-c", READY]
    child.start()

    assert one._replace(child)
    fresh = one.children[0]
    assert not child.is_alive()
    assert fresh.is_alive()

    fresh.command = [sys.executable, "-c", "raise SystemExit(1)"]
    assert not one._replace(fresh)
    assert one.children == [fresh]
    assert fresh.is_alive()

    fresh.ask_to_end()
    fresh.end(time.monotonic() + 5)


def test_lets_its_processes_hold_many_connections():
    code = (
        "import resource as r; from shouwen.config.supervisor import _allow_many_connections as a;"
        "most = r.getrlimit(r.RLIMIT_NOFILE)[1]; r.setrlimit(r.RLIMIT_NOFILE, (256, most)); a();"
        "print(r.getrlimit(r.RLIMIT_NOFILE)[0] == min(most, 65536) or most)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "True"
