"""This machine in the place of one of the lab's: for servers that need no network of their own."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.machines.lab import ENDS_WITHIN_SECONDS


class Here:
    """Runs commands where it is; PostgreSQL's as its own user when root."""

    name = "here"
    address = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def command(self, *words: str, user: str = "") -> list[str]:
        """As it is, or as somebody else."""
        if not user or os.geteuid() != 0:
            return list(words)
        return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *words]

    def start(self, *words: str, user: str = "") -> None:
        """It runs until the end."""
        with (self.folder / "log").open("ab") as log:
            command = self.command(*words, user=user)
            self.processes.append(subprocess.Popen(command, cwd="/", stdout=log, stderr=log))

    def run(self, *words: str, user: str = "") -> str:
        """What it prints."""
        command = self.command(*words, user=user)
        return subprocess.run(command, cwd="/", check=True, capture_output=True, text=True).stdout

    def end(self) -> None:
        """All has ended."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            process.wait(ENDS_WITHIN_SECONDS)
