"""A process that its parent keeps alive: started, started again, replaced, ended."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

LONGEST_PAUSE_SECONDS = 10.0
STABLE_AFTER_SECONDS = 20.0
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """In the child: be told to end when the parent dies, however it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process that is started again when it dies: at once if it had been at work."""

    name: str
    command: list[str]
    environment: dict[str, str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start_at: float = 0.0
    pause: float = 0.1
    is_ready: bool = field(default=False, init=False)
    _ready: int = field(default=-1, init=False)

    def start(self) -> None:
        """The process runs; `has_begun` tells when it does its work."""
        self._forget_pipe()
        self.is_ready = False
        self._ready, ready = os.pipe()
        self.process = subprocess.Popen(  # noqa: S603 - own program
            self.command,
            env=self.environment | {"READY_FD": str(ready)},
            pass_fds=(*self.pass_fds, ready),
            preexec_fn=_end_with_parent,
            start_new_session=True,
        )
        os.close(ready)
        self.started_at = time.monotonic()

    def successor(self) -> "Child":
        """A second one of the same kind, not started yet."""
        return Child(self.name, self.command, self.environment, self.pass_fds)

    def has_begun(self) -> bool:
        """Whether the process said that it does its work."""
        if not self.is_ready and self._ready >= 0 and select.select([self._ready], [], [], 0)[0]:
            self.is_ready = os.read(self._ready, 1) == b"1"
            self._forget_pipe()
        return self.is_ready

    def is_alive(self) -> bool:
        """Whether there is a process."""
        return self.process is not None and self.process.poll() is None

    def keep_alive(self) -> str | None:
        """Start it again if it died; the words to say about it, if any."""
        if self.process is None:
            if time.monotonic() >= self.next_start_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        # One that never gets to its work must not take the machine; one that was killed is missed.
        was_at_work = self.has_begun() or time.monotonic() - self.started_at > STABLE_AFTER_SECONDS
        self.pause = 0.1 if was_at_work else min(self.pause * 2, LONGEST_PAUSE_SECONDS)
        self.next_start_at = time.monotonic() + self.pause
        self.process = None
        return f"{self.name} ended (code {code}) and is started again"

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal if it lives."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def ask_to_end(self) -> None:
        """Send it SIGTERM."""
        self.tell(signal.SIGTERM)

    def end(self, deadline: float) -> None:
        """It has ended, by force after the deadline."""
        self._forget_pipe()
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _forget_pipe(self) -> None:
        if self._ready >= 0:
            with contextlib.suppress(OSError):
                os.close(self._ready)
            self._ready = -1
