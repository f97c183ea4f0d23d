"""The parent that keeps processes alive: real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from shouwen.config.children import Child
from shouwen.config.supervisor import Plan, Supervisor


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def child(code: str) -> Child:
    return Child("tests", [sys.executable, "-c", code], dict(os.environ))


class TestChild:
    def test_comes_back_later_and_later_when_it_dies_at_once(self):
        one, words = child("raise SystemExit(3)"), []
        one.start()
        deadline = time.monotonic() + 10
        while len(words) < 2 and time.monotonic() < deadline:
            if said := one.keep_alive():
                words.append((said, one.pause))
            time.sleep(0.01)
        one.end(time.monotonic() + 5)

        assert [pause for _said, pause in words] == [0.2, 0.4]
        assert "code 3" in words[0][0]

    def test_is_asked_first_and_forced_after_the_deadline(self):
        stubborn = child(
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
        )
        stubborn.start()
        time.sleep(0.3)

        stubborn.ask_to_end()
        stubborn.end(time.monotonic() + 0.2)

        assert stubborn.process.returncode == -signal.SIGKILL

    def test_ends_with_its_parent(self):
        program = (
            "import os, sys, time\n"
            "from shouwen.config.supervisor import Child\n"
            "c = Child('x', [sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ))\n"
            "c.start(); print(c.process.pid, flush=True); time.sleep(60)"
        )
        parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        pid = int(parent.stdout.readline())

        parent.kill()
        parent.wait()
        parent.stdout.close()

        deadline = time.monotonic() + 5
        while not is_gone(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert is_gone(pid)

    def test_ending_what_never_started_harms_nothing(self):
        one = child("")

        one.ask_to_end()
        one.end(time.monotonic())


class TestSupervisor:
    def test_says_what_to_do_when_the_port_is_taken(self, tmp_path, capsys):
        first = Supervisor(tmp_path, Plan(port=0))
        assert first._listen()
        port = first._listening.getsockname()[1]

        assert not Supervisor(tmp_path, Plan(port=port))._listen()

        first._listening.close()
        assert "cannot be used" in capsys.readouterr().out
        assert not first._is_healthy()

    def test_with_a_database_of_ones_own_none_is_started(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
        one = Supervisor(tmp_path, Plan(is_demo=True))

        one._start_database()

        assert one.database is None
        assert one._environment()["DATA_DIR"] == str(tmp_path)
