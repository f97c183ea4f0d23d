"""Which parents run on this machine: one file each, locked as long as the parent lives."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

FOLDER = "parents"
SIZE = 400
RESTARTS_WITHIN_SECONDS = 600.0


@dataclass(frozen=True)
class Parent:
    """A process of `shouwen up`, `web` or `worker`."""

    pid: int
    role: str
    machine: str
    restarts: int = 0
    # Whether the latest restart went through.
    is_well: bool = True


class ParentFile:
    """What a parent says of itself, for `shouwen restart`."""

    def __init__(self, data_dir: Path, role: str) -> None:
        machine = socket.gethostname()
        self._parent = Parent(os.getpid(), role, machine)
        self._path = data_dir / FOLDER / f"{machine}-{os.getpid()}.json"
        self._file: IO[str] | None = None

    def write(self, *, restarted: bool | None = None) -> None:
        """It runs; with `restarted`, it has just tried to replace its processes."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX)
        if restarted is not None:
            count = self._parent.restarts + 1
            self._parent = Parent(
                self._parent.pid, self._parent.role, self._parent.machine, count, restarted
            )
        # One write of one length: whoever reads meanwhile sees the old or the new, never half.
        os.pwrite(self._file.fileno(), json.dumps(asdict(self._parent)).ljust(SIZE).encode(), 0)

    def remove(self) -> None:
        """It has ended."""
        if self._file:
            self._path.unlink(missing_ok=True)
            self._file.close()
            self._file = None


def running_parents(data_dir: Path) -> Iterator[Parent]:
    """The living parents of this data folder on this machine; files of dead ones are removed."""
    for path in sorted((data_dir / FOLDER).glob(f"{socket.gethostname()}-*.json")):
        with contextlib.suppress(OSError, ValueError, TypeError), path.open("r+") as file:
            # An empty one belongs to a parent that is just beginning.
            if path.stat().st_size and _is_free(file):
                path.unlink(missing_ok=True)
            else:
                yield Parent(**json.load(file))


def _is_free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def restart(data_dir: Path, role: str = "") -> str:
    """Tell the parents to replace their processes and wait until they have; the words to say."""
    asked = [one for one in running_parents(data_dir) if role in ("", one.role)]
    if not asked:
        raise SystemExit("Nothing of 首问 runs here with this DATA_DIR.")
    for one in asked:
        os.kill(one.pid, signal.SIGHUP)
    for one in asked:
        _wait_for(data_dir, one)
    return f"Restarted: {', '.join(f'{one.role} (process {one.pid})' for one in asked)}."


def _wait_for(data_dir: Path, before: Parent) -> None:
    deadline = time.monotonic() + RESTARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        now = {one.pid: one for one in running_parents(data_dir)}.get(before.pid)
        if now is None:
            raise SystemExit(f"Process {before.pid} ended instead of restarting.")
        if now.restarts > before.restarts:
            if not now.is_well:
                raise SystemExit("Not restarted; the old processes serve on. Its log says why.")
            return
        time.sleep(0.1)
    raise SystemExit(f"Process {before.pid} did not finish restarting; its log says more.")
