"""The product as its users run it: `shouwen up` in a process of its own, on a free port and fresh data."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psutil

from tests.architecture.layout import ROOT

READY_WITHIN_SECONDS = 240.0
STOPS_WITHIN_SECONDS = 40.0
# The last word of a process' command, and what the tests call it.
MEMBERS = {"web_process": "web", "worker_process": "work"}
# What the root conftest sets for itself, or a developer for his own server.
OF_THE_TESTS = {"DATABASE_URL", "SECRET_KEY", "DB_POOL", "PUBLIC_URL", "STATIC_ROOT"}


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder until the block ends; not pytest's, which is closed to the database's account."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-served-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_served(*, demo: bool = True, **environment: str) -> Iterator["Served"]:
    """The product, served from fresh data until the block ends.

    Not in pytest's folder for temporary files: pytest closes that to the database's account.
    """
    folder = Path(tempfile.mkdtemp(prefix="shouwen-served-"))
    served = Served(folder / "data", demo=demo, **environment)
    try:
        if not demo and "DATABASE_URL" not in environment:
            _copy(_prepared(), folder)
        served.start()
        yield served
    finally:
        served.stop()
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _prepared() -> Path:
    """An empty installation, made once a run: a copy of it stands sooner than a new one."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Served(folder / "data", demo=False)
    command = [sys.executable, "-m", "shouwen.config.cli", "prepare"]
    subprocess.run(command, cwd=ROOT, env=made.whole_environment(), capture_output=True, check=True)
    return made.data_dir


def _copy(data_dir: Path, to: Path) -> None:
    """The database's account owns its files in the copy too."""
    subprocess.run(["cp", "-a", str(data_dir), str(to)], check=True)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """`shouwen up` on a data folder; the same folder may be served again after a stop or a kill."""

    def __init__(self, data_dir: Path, *, demo: bool = True, **environment: str) -> None:
        self.data_dir = data_dir
        self.demo = demo
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It answers /healthz with 200."""
        command = [sys.executable, "-m", "shouwen.config.cli", "up", *["--demo"] * self.demo]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.whole_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait_until_ready()

    def whole_environment(self) -> dict[str, str]:
        """What it, and commands on the same data, are run with."""
        inherited = {name: os.environ[name] for name in os.environ.keys() - OF_THE_TESTS}
        own = {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "PUBLIC_URL": self.url}
        return inherited | own | self.environment

    def is_ready(self) -> bool:
        """Whether it says of itself that it can serve."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=3) as answer:
                return answer.status == 200 and json.load(answer)["status"] == "ok"
        except (OSError, ValueError):
            return False

    def wait_until_ready(self, within: float = READY_WITHIN_SECONDS) -> None:
        """It is ready, or the test fails with the end of its log."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self.is_ready():
                return
            if self.process is None or self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"not ready; the end of its log:\n{self.log_text()[-4000:]}")

    def log_text(self) -> str:
        """Everything it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def members(self) -> dict[str, psutil.Process]:
        """Its own processes by what they do: `parent`, `web`, `work`, `postgres`."""
        if self.process is None:
            return {}
        parent = psutil.Process(self.process.pid)
        found = {"parent": parent}
        for child in parent.children():
            words = child.cmdline()
            if words and Path(words[0]).name == "postgres":
                found["postgres"] = child
            elif words and words[-1] in MEMBERS:
                found.setdefault(MEMBERS[words[-1]], child)
        return found

    def processes(self) -> list[psutil.Process]:
        """The whole group, with the database's own processes."""
        parent = self.members().get("parent")
        return [parent, *parent.children(recursive=True)] if parent else []

    def kill(self, name: str) -> None:
        """kill -9 one of its processes; the parent starts it again."""
        self.members()[name].kill()

    def kill_all(self) -> None:
        """kill -9 the whole group at once, as when the power goes."""
        for member in self.members().values():
            member.kill()
        if self.process:
            self.process.wait()

    def stop(self) -> None:
        """Ctrl-C: it has ended cleanly."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOPS_WITHIN_SECONDS)
