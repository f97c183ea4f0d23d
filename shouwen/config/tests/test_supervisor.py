"""The parent starts again what dies, not too fast, and says what is wrong."""

import signal
import socket
import sys
import time

import pytest

from shouwen.config.supervisor import LONGEST_PAUSE_SECONDS, Child, Supervisor


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


def test_pauses_longer_each_time_a_child_dies_young(child):
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


def test_ends_by_force_a_child_that_does_not_listen(child):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)"
    child.command = [sys.executable, "-c", stubborn]
    child.start()
    time.sleep(0.5)

    child.ask_to_end()
    child.end(time.monotonic() + 0.2)

    assert child.process.returncode == -9


def test_says_in_one_line_that_the_port_is_taken(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # pytest keeps its own Ctrl-C
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))

        code = Supervisor(tmp_path / "data", is_demo=False).run()

    assert code == 1
    assert "cannot be used" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()
