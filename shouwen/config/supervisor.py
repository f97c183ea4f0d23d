"""The parent of `shouwen up`, `web` and `worker`: starts its processes, keeps them alive, restarts and ends them in order."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg

from shouwen.config import environment
from shouwen.config.children import Child
from shouwen.config.parents import ParentFile
from shouwen.core.database import DatabaseUnavailable, EmbeddedPostgres

GRACE_SECONDS = 12.0
# A new process says that it is ready within this, or the old one stays.
READY_WITHIN_SECONDS = 60.0
# A process that was replaced ends its requests within this.
LEAVES_WITHIN_SECONDS = 70.0
LOOK_EVERY_SECONDS = 0.05
OPEN_FILES = 65_536
DATABASE_RESTS_SECONDS = 2.0
# As in core/serving.py, which the parent does not load.
DRAIN, HAND_OVER = signal.SIGUSR1, signal.SIGUSR2
NO_KEY = "Set SECRET_KEY, the same on every machine: it signs what people are let in with."
NO_DATABASE = (
    "There is no database to work with. Set DATABASE_URL to a PostgreSQL 15 or newer, "
    "or start `shouwen up` with this DATA_DIR, which brings one."
)


@dataclass(frozen=True)
class Plan:
    """What one parent runs."""

    role: str = "up"
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 1
    worker_processes: int = 1
    concurrency: int = 4
    is_demo: bool = False
    prepares: bool = True
    # Seconds between saying 503 on /healthz and accepting nothing more, when the machine stops.
    drain_seconds: float = 0.0


def _allow_many_connections() -> None:
    """Each socket is an open file; the usual limit of 1,024 would end at a thousand visitors."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(most, OPEN_FILES)
    if now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class Supervisor:
    """The process group of one machine."""

    def __init__(self, data_dir: Path, plan: Plan) -> None:
        self.data_dir = data_dir
        self.plan = plan
        self.is_stopping = False
        self.wants_restart = False
        self.database: EmbeddedPostgres | None = None
        self.children: list[Child] = []
        self._listening: socket.socket | None = None
        self._database_rests_until = 0.0
        self._file = ParentFile(data_dir, plan.role)

    def run(self) -> int:
        """Serve until told to stop; the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        # A terminal that closes says SIGHUP too: then there is nobody left to serve.
        signal.signal(signal.SIGHUP, self._stop if sys.stdin.isatty() else self._ask_restart)
        _allow_many_connections()
        if refusal := self._refusal():
            self._say(refusal)
            return 1
        if self.plan.web_processes and not self._listen():
            return 1
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._start_database()
            go = self._start_children()
            if self.is_stopping or not self._prepare():
                return 0 if self.is_stopping else 1
            # Closing our end lets them begin; those started later find it closed already.
            os.close(go)
            self._watch()
        finally:
            self._end_all()
        return 0

    def _refusal(self) -> str:
        """Why this cannot work, if it cannot."""
        if self.plan.role == "up":
            return ""
        if environment.text("DATABASE_URL"):
            has_key = environment.text("SECRET_KEY") or (self.data_dir / "secret.key").exists()
            return "" if has_key else NO_KEY
        return "" if EmbeddedPostgres(self.data_dir).answers() else NO_DATABASE

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.is_stopping = True

    def _ask_restart(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.wants_restart = True

    def _listen(self) -> bool:
        """The listening socket belongs to the parent: a web process that restarts drops no caller."""
        family = socket.AF_INET6 if ":" in self.plan.host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self.plan.host, self.plan.port))
        except OSError as error:
            listening.close()
            self._say(
                f"Port {self.plan.port} cannot be used ({error.strerror}). Try PORT=8001 make run"
            )
            return False
        listening.listen(2048)
        listening.set_inheritable(True)
        self._listening = listening
        return True

    def _start_database(self) -> None:
        if environment.text("DATABASE_URL") or self.plan.role != "up":
            return
        self.database = EmbeddedPostgres(self.data_dir)
        self.database.start()

    def _prepare(self) -> bool:
        if not self.plan.prepares:
            return True
        command = [*self._program(), "prepare", *["--demo"] * self.plan.is_demo]
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
        return {
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "HOST": self.plan.host,
            "PORT": str(self.plan.port),
            "WORKER_CONCURRENCY": str(self.plan.concurrency),
        }

    def _start_children(self) -> int:
        """Load the programs while the database is prepared; closing what this returns lets them begin."""
        wait, go = os.pipe()
        environment = {**self._environment(), "WAIT_FD": str(wait)}
        if self._listening:
            descriptor = self._listening.fileno()
            web = {**environment, "LISTEN_FD": str(descriptor)}
            command = [*self._program(), "web_process"]
            for number in range(self.plan.web_processes):
                self.children.append(Child(f"web {number + 1}", command, web, (descriptor, wait)))
        command = [*self._program(), "worker_process"]
        for number in range(self.plan.worker_processes):
            self.children.append(Child(f"worker {number + 1}", command, environment, (wait,)))
        # Workers start later: the first pages wait for the preparation and web, not for them.
        for child in self._web():
            child.start()
        return go

    def _web(self) -> list[Child]:
        return [child for child in self.children if child.name.startswith("web")]

    def _watch(self) -> None:
        self._file.write()
        has_answered = False
        while not self.is_stopping:
            self._tend()
            if not has_answered and self._is_serving():
                has_answered = True
                self._say(self._welcome())
            if self.wants_restart:
                self.wants_restart = False
                self._restart()
            time.sleep(LOOK_EVERY_SECONDS)
        self._drain()

    def _tend(self) -> None:
        """Whatever died is started again."""
        if self.database and not self.database.is_running():
            self._start_database_again(self.database)
        for child in self.children:
            if words := child.keep_alive():
                self._say(words)

    def _start_database_again(self, database: EmbeddedPostgres) -> None:
        """It may not be able to for a while, on a full disk: then tried again until it can."""
        if time.monotonic() < self._database_rests_until:
            return
        self._say("PostgreSQL ended and is started again")
        try:
            database.start()
        except (DatabaseUnavailable, OSError, psycopg.Error) as error:
            self._say(f"PostgreSQL cannot be started now: {error}")
            self._database_rests_until = time.monotonic() + DATABASE_RESTS_SECONDS

    def _welcome(self) -> str:
        if not self.plan.web_processes:
            return "首问 Shouwen works: jobs, timers, mail  (Ctrl-C stops it)"
        address = f"http://{self.plan.host}:{self.plan.port}"
        return f"首问 Shouwen is ready: {address}  (Ctrl-C stops it)"

    def _is_serving(self) -> bool:
        if not self.plan.web_processes:
            return all(child.has_begun() for child in self.children)
        return self._is_healthy()

    def _is_healthy(self) -> bool:
        host = f"[{self.plan.host}]" if ":" in self.plan.host else self.plan.host
        with contextlib.suppress(OSError):
            address = f"http://{host}:{self.plan.port}/healthz"
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        return False

    def _restart(self) -> None:
        """Every process is replaced by one that runs the code of now, one after the other.

        The new one serves before the old one leaves, so no caller waits. If the preparation or a new
        process fails, the old ones stay.
        """
        self._say("Restarting one process after the other ...")
        done = self._prepare() and all(self._replace(child) for child in tuple(self.children))
        self._say("Restarted." if done else "Not restarted: the old processes serve on.")
        self._file.write(restarted=done)

    def _replace(self, old: Child) -> bool:
        new = old.successor()
        new.start()
        if not self._wait(new.has_begun, READY_WITHIN_SECONDS, unless=lambda: not new.is_alive()):
            new.ask_to_end()
            new.end(time.monotonic() + GRACE_SECONDS)
            return False
        self.children[self.children.index(old)] = new
        old.tell(HAND_OVER if old.name.startswith("web") else signal.SIGTERM)
        self._wait(lambda: not old.is_alive(), LEAVES_WITHIN_SECONDS)
        old.end(time.monotonic())
        return True

    def _wait(
        self,
        fulfilled: Callable[[], bool],
        seconds: float,
        *,
        unless: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Whether it came about in time; what dies meanwhile is started again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_stopping:
            if fulfilled():
                return True
            if unless():
                return False
            self._tend()
            time.sleep(LOOK_EVERY_SECONDS)
        return fulfilled()

    def _drain(self) -> None:
        """Proxies learn from /healthz that nothing more shall come here, and get time to notice."""
        if not self.plan.drain_seconds:
            return
        for child in self._web():
            child.tell(DRAIN)
        time.sleep(self.plan.drain_seconds)

    def _end_all(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        if self._listening:
            self._listening.close()
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.end(deadline)
        if self.database:
            self.database.stop()
        self._file.remove()
        self._say("首问 Shouwen has stopped.")

    def _say(self, words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()
