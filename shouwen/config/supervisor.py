"""`shouwen up`: one parent that starts PostgreSQL, web and worker, keeps them alive, and ends them in order."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from shouwen.core.database import EmbeddedPostgres

LONGEST_PAUSE_SECONDS = 10.0
STABLE_AFTER_SECONDS = 20.0
GRACE_SECONDS = 12.0
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """In the child: be told to end when the parent dies, however it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process that is started again when it dies, sooner the longer it had lived."""

    name: str
    command: list[str]
    environment: dict[str, str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start_at: float = 0.0
    pause: float = 0.1
    log: list[str] = field(default_factory=list)

    def start(self) -> None:
        """The process runs."""
        self.process = subprocess.Popen(  # noqa: S603 - own program
            self.command,
            env=self.environment,
            pass_fds=self.pass_fds,
            preexec_fn=_end_with_parent,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def keep_alive(self) -> str | None:
        """Start it again if it died; the words to say about it, if any."""
        if self.process is None:
            if time.monotonic() >= self.next_start_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        lived = time.monotonic() - self.started_at
        self.pause = (
            0.1 if lived > STABLE_AFTER_SECONDS else min(self.pause * 2, LONGEST_PAUSE_SECONDS)
        )
        self.next_start_at = time.monotonic() + self.pause
        self.process = None
        return f"{self.name} ended (code {code}) and is started again"

    def ask_to_end(self) -> None:
        """Send it SIGTERM."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """It has ended, by force after the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """The process group of one machine."""

    def __init__(self, data_dir: Path, *, is_demo: bool) -> None:
        self.data_dir = data_dir
        self.is_demo = is_demo
        self.port = int(os.environ.get("PORT", "8000"))
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.is_stopping = False
        self.database: EmbeddedPostgres | None = None
        self.children: list[Child] = []

    def run(self) -> int:
        """Serve until told to stop; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        listening = self._listen()
        if listening is None:
            return 1
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._start_database()
            go = self._start_children(listening)
            if self.is_stopping or not self._prepare():
                return 0 if self.is_stopping else 1
            # Closing our end lets them begin; those started later find it closed already.
            os.close(go)
            self._watch()
        finally:
            self._end_all()
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.is_stopping = True

    def _listen(self) -> socket.socket | None:
        """The listening socket belongs to the parent: a web process that restarts drops no caller."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self.host, self.port))
        except OSError as error:
            self._say(f"Port {self.port} cannot be used ({error.strerror}). Try PORT=8001 make run")
            return None
        listening.listen(2048)
        listening.set_inheritable(True)
        return listening

    def _start_database(self) -> None:
        if os.environ.get("DATABASE_URL"):
            return
        self.database = EmbeddedPostgres(self.data_dir)
        self.database.start()

    def _prepare(self) -> bool:
        command = [*self._program(), "prepare", *(["--demo"] if self.is_demo else [])]
        prepared = subprocess.Popen(  # noqa: S603 - own program
            command, env=self._environment(), start_new_session=True
        )
        while prepared.poll() is None:
            time.sleep(0.02)
            if self.is_stopping:
                prepared.terminate()
                prepared.wait()
        return prepared.returncode == 0

    def _program(self) -> list[str]:
        return [sys.executable, "-m", "shouwen.config.cli"]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DATA_DIR": str(self.data_dir), "PORT": str(self.port)}

    def _start_children(self, listening: socket.socket) -> int:
        """Load the programs while the database is prepared; closing what this returns lets them begin."""
        wait, go = os.pipe()
        environment = {**self._environment(), "WAIT_FD": str(wait)}
        web = {**environment, "LISTEN_FD": str(listening.fileno())}
        for number in range(int(os.environ.get("WEB_PROCESSES", "1"))):
            command = [*self._program(), "web"]
            self.children.append(
                Child(f"web {number + 1}", command, web, pass_fds=(listening.fileno(), wait))
            )
        for number in range(int(os.environ.get("WORKER_PROCESSES", "1"))):
            command = [*self._program(), "work"]
            self.children.append(
                Child(f"worker {number + 1}", command, environment, pass_fds=(wait,))
            )
        # Workers start later: the first pages wait for the preparation and web, not for them.
        for child in self.children:
            if child.command[-1] == "web":
                child.start()
        return go

    def _watch(self) -> None:
        has_answered = False
        while not self.is_stopping:
            if self.database and not self.database.is_running():
                self._say("PostgreSQL ended and is started again")
                self.database.start()
            for child in self.children:
                if words := child.keep_alive():
                    self._say(words)
            if not has_answered and self._is_healthy():
                has_answered = True
                self._say(
                    f"首问 Shouwen is ready: http://{self.host}:{self.port}  (Ctrl-C stops it)"
                )
            time.sleep(0.1)

    def _is_healthy(self) -> bool:
        with contextlib.suppress(OSError):
            address = f"http://{self.host}:{self.port}/healthz"
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        return False

    def _end_all(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.end(deadline)
        if self.database:
            self.database.stop()
        self._say("首问 Shouwen has stopped.")

    def _say(self, words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()
