"""An antivirus beside us: clamd, by its published INSTREAM command (clamd(8)), at VIRUS_SCANNER.

What it says of a file decides whether the file is taken in; without a scanner nothing is asked.
"""

import socket
import struct
from contextlib import closing

from django.conf import settings

CONNECTS_WITHIN_SECONDS = 2.0
# A large archive takes it a while.
ANSWERS_WITHIN_SECONDS = 30.0
AT_ONCE = 64 * 1024
CLEAN, FOUND = "stream: OK", " FOUND"
LONGEST_ANSWER = 4096


class ScannerAwayError(Exception):
    """The scanner cannot be reached, does not answer, or could not look at the file."""


def is_set_up() -> bool:
    """Whether files are to be looked at."""
    return bool(settings.VIRUS_SCANNER)


def virus_in(content: bytes) -> str:
    """The name of what it found; empty for a clean file. Raises ScannerAwayError when it cannot tell."""
    said = _ask(b"zINSTREAM\0", content)
    if said == CLEAN:
        return ""
    if said.endswith(FOUND):
        return said.removeprefix("stream: ").removesuffix(FOUND)
    raise ScannerAwayError(said or "it hung up")


def scanner_version() -> str:
    """What it says of itself, which is also how it shows that it is there."""
    return _ask(b"zVERSION\0")


def _ask(command: bytes, content: bytes | None = None) -> str:
    try:
        with closing(_connected()) as line:
            line.settimeout(ANSWERS_WITHIN_SECONDS)
            line.sendall(command)
            if content is not None:
                _send_stream(line, content)
            return _answer(line)
    except OSError as error:
        raise ScannerAwayError(str(error)) from error


def _connected() -> socket.socket:
    place = settings.VIRUS_SCANNER
    if place.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECTS_WITHIN_SECONDS)
        line.connect(place)
        return line
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), CONNECTS_WITHIN_SECONDS)


def _send_stream(line: socket.socket, content: bytes) -> None:
    """Pieces with their length in front, and an empty one at the end.

    A stream that is too long for it, it answers and cuts: what it said then is still to be read.
    """
    try:
        for at in range(0, len(content), AT_ONCE):
            piece = content[at : at + AT_ONCE]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
