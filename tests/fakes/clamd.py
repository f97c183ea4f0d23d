"""A virus scanner that speaks clamd's protocol and knows one virus, and a real clamd that knows the same one.

Tests run against both where clamd is installed: what they agree on is what we rely on.
"""

import hashlib
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The harmless file that every scanner takes for a virus, in halves so that no scanner takes this one.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + r"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
NAME = "Eicar-Test"
LONGEST_STREAM = 1024 * 1024
STARTS_WITHIN_SECONDS = 30.0
CONFIGURATION = """
LocalSocket {folder}/socket
DatabaseDirectory {folder}
TemporaryDirectory {folder}
StreamMaxLength {longest}
Foreground yes
User root
"""


class Answer(socketserver.StreamRequestHandler):
    """One command a connection, as clamd reads those that begin with z."""

    def handle(self) -> None:
        """Answer it, or say nothing at all."""
        command = self._word()
        if self.server.is_mute:  # type: ignore[attr-defined]
            self.rfile.read(1)
        elif command == b"zVERSION":
            self.wfile.write(b"ClamAV 1.4.6/0/fake\0")
        elif command == b"zINSTREAM":
            self.wfile.write(self._verdict() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _word(self) -> bytes:
        word = b""
        while (letter := self.rfile.read(1)) not in (b"\0", b""):
            word += letter
        return word

    def _verdict(self) -> bytes:
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > LONGEST_STREAM:
                return b"INSTREAM size limit exceeded. ERROR"
        return f"stream: {NAME}.UNOFFICIAL FOUND".encode() if content == EICAR else b"stream: OK"


class Server(socketserver.ThreadingUnixStreamServer):
    """The scanner; `is_mute` makes it hang."""

    daemon_threads = True
    is_mute = False


@contextmanager
def fake_clamd() -> Iterator[str]:
    """The path of its socket."""
    with tempfile.TemporaryDirectory() as folder, Server(f"{folder}/socket", Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{folder}/socket"
        server.shutdown()


@contextmanager
def mute_clamd() -> Iterator[str]:
    """One that takes calls and says nothing."""
    with tempfile.TemporaryDirectory() as folder, Server(f"{folder}/socket", Answer) as server:
        server.is_mute = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{folder}/socket"
        server.shutdown()


@contextmanager
def real_clamd(program: Path) -> Iterator[str]:
    """clamd itself with one signature of our own, so that it needs no network."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
        (folder / "own.hdb").write_text(f"{digest}:{len(EICAR)}:{NAME}\n")
        settings = CONFIGURATION.format(folder=folder, longest=LONGEST_STREAM)
        (folder / "clamd.conf").write_text(settings)
        with (folder / "log").open("wb") as log:
            command = [str(program), f"--config-file={folder}/clamd.conf"]
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(folder / "socket", folder / "log")
            yield str(folder / "socket")
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(place: Path, log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as probe:
            if place.exists() and probe.connect_ex(str(place)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))
