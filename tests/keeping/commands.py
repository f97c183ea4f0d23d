"""`shouwen COMMAND` as an operator types it, on a data folder, in English."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.architecture.layout import ROOT
from tests.served import OF_THE_TESTS

PROGRAM = [sys.executable, "-m", "shouwen.config.cli"]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of an operator, not that of these tests."""
    inherited = {name: os.environ[name] for name in os.environ.keys() - OF_THE_TESTS}
    return inherited | {"DATA_DIR": str(data_dir), "LANG": "en_US.UTF-8"} | more


def shouwen(data_dir: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; standard output and error are kept."""
    return subprocess.run(
        [*PROGRAM, *words],
        cwd=ROOT,
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str], code: int = 0) -> str:
    """What a command said, after its exit code is held against the one expected."""
    words = done.stdout + done.stderr
    assert done.returncode == code, words
    return words


def kill_when(data_dir: Path, *words: str, is_time: Callable[[], bool]) -> None:
    """Run a command and kill -9 it, with what it started, as soon as it is time."""
    process = subprocess.Popen(
        [*PROGRAM, *words],
        cwd=ROOT,
        env=environment(data_dir),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not is_time():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline, "it was never time to kill it"
        time.sleep(0.002)
    process.kill()
    process.wait()
