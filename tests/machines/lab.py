"""A small network inside this machine: machines as network namespaces on one switch.

Each has its own address, host name, data folder and cable, which can be pulled. Needs root and
iproute2.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.architecture.layout import ROOT
from tests.needs import cannot_run, need

ENDS_WITHIN_SECONDS = 25.0


def ip(*words: str) -> None:
    """iproute2's command."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Machine:
    """One namespace with one cable to the switch."""

    def __init__(self, lab: "Lab", name: str, number: int) -> None:
        self.name = name
        self.address = f"{lab.subnet}.{number}"
        self.folder = lab.folder / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self._space = f"sw{lab.key}-{name}"
        self._cable = f"sw{lab.key}c{number}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._connect(lab)

    def _connect(self, lab: "Lab") -> None:
        ip("netns", "add", self._space)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self._space)
        ip("link", "set", self._cable, "master", lab.switch, "up")
        inside = ("-n", self._space)
        ip(*inside, "addr", "add", f"{self.address}/24", "dev", "eth0")
        ip(*inside, "link", "set", "eth0", "up")
        ip(*inside, "link", "set", "lo", "up")

    def command(self, *words: str, user: str = "") -> list[str]:
        """A command that runs there, under this machine's host name."""
        inside = ["ip", "netns", "exec", self._space, "unshare", "--uts", "sh", "-c"]
        begin = f'hostname {self.name}; exec "$@"'
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        return [*inside, begin, "sh", *(as_user if user else []), *words]

    def start(self, *words: str, user: str = "", **environment: str) -> "subprocess.Popen[bytes]":
        """A process that runs there until the lab ends."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command(*words, user=user),
                cwd=ROOT if not user else "/",
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def run(self, *words: str, user: str = "", **environment: str) -> str:
        """What a command there prints."""
        done = subprocess.run(
            self.command(*words, user=user),
            cwd=ROOT if not user else "/",
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def log(self) -> Path:
        """What its processes print."""
        return self.folder / "log"

    def unplug(self) -> None:
        """The cable is pulled: nothing arrives, nothing leaves, and nobody is told."""
        ip("link", "set", self._cable, "down")

    def plug(self) -> None:
        """The cable is back."""
        ip("link", "set", self._cable, "up")

    def end(self) -> None:
        """Its processes have ended and it is gone."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
        for process in self.processes:
            try:
                process.wait(ENDS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with suppress(subprocess.CalledProcessError):
            ip("netns", "del", self._space)


class Lab:
    """The switch and what is plugged into it."""

    def __init__(self) -> None:
        number = os.getpid() % 200 + 20
        self.key = f"{os.getpid() % 100_000}"
        self.subnet = f"10.231.{number}"
        self.switch = f"sw{self.key}s"
        self.folder = Path(tempfile.mkdtemp(prefix="shouwen-lab-"))
        self.folder.chmod(0o755)
        self.machines: dict[str, Machine] = {}

    def build(self) -> None:
        """The switch is there, and this process has a cable to it."""
        try:
            ip("link", "add", self.switch, "type", "bridge")
        except subprocess.CalledProcessError as error:
            cannot_run(f"no networks can be made here: {error.stderr.decode().strip()}")
        ip("addr", "add", f"{self.subnet}.1/24", "dev", self.switch)
        ip("link", "set", self.switch, "up")

    def machine(self, name: str) -> Machine:
        """A new one."""
        one = Machine(self, name, len(self.machines) + 10)
        self.machines[name] = one
        return one

    def clear_away(self) -> None:
        """Nothing is left."""
        for one in reversed(self.machines.values()):
            one.end()
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", self.switch)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def new_lab() -> Iterator[Lab]:
    """A lab for as long as the block lasts."""
    need("ip", root=True)
    lab = Lab()
    try:
        lab.build()
        yield lab
    finally:
        lab.clear_away()


def shouwen(*words: str) -> list[str]:
    """The product's command line."""
    return [sys.executable, "-m", "shouwen.config.cli", *words]
