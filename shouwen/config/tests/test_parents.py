"""`shouwen restart` finds the parents that live and waits until they have replaced their processes."""

import os
import signal
import subprocess
import sys

import pytest

from shouwen.config.parents import ParentFile, restart, running_parents

PARENT = """
import signal, sys
from pathlib import Path
from shouwen.config.parents import ParentFile
file = ParentFile(Path(sys.argv[1]), "web")
signal.signal(signal.SIGHUP, lambda *_: file.write(restarted={well}))
file.write()
print("here", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture
def parent(tmp_path):
    """Starts a parent that answers SIGHUP, well or not."""
    started = []

    def start(*, well=True):
        command = [sys.executable, "-c", PARENT.format(well=well), str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"here\n"
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_waits_until_the_processes_are_replaced(tmp_path, parent):
    one = parent()

    assert str(one.pid) in restart(tmp_path)
    assert next(running_parents(tmp_path)).restarts == 1


def test_says_when_the_old_ones_serve_on(tmp_path, parent):
    parent(well=False)

    with pytest.raises(SystemExit, match="old processes serve on"):
        restart(tmp_path, "web")


def test_forgets_a_parent_that_was_killed(tmp_path, parent):
    one = parent()
    one.send_signal(signal.SIGKILL)
    one.wait()

    assert list(running_parents(tmp_path)) == []
    assert list((tmp_path / "parents").iterdir()) == []
    with pytest.raises(SystemExit, match="Nothing of 首问 runs"):
        restart(tmp_path)


def test_leaves_no_file_behind(tmp_path):
    file = ParentFile(tmp_path, "up")
    file.write()
    assert next(running_parents(tmp_path)).pid == os.getpid()

    file.remove()

    assert list(running_parents(tmp_path)) == []
