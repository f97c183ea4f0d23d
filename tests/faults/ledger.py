"""The fsynced ledger of all fault tests: what was sent, what was acknowledged, what is there in the end."""

import json
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
# These say "not now": the same request is made again. Any other refusal is a mistake of the test.
NOT_NOW = frozenset({408, 409, 425, 429})


class Ledger:
    """One line a fact, on the disk for sure before the next word is said."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self.sent: dict[str, str] = {}
        self.acked: dict[str, str] = {}

    def note(self, what: str, client_id: str, who: str) -> None:
        """`sent` before it leaves, `acked` after the server said it is kept."""
        with self._lock:
            self._file.write(f"{what}\t{client_id}\t{who}\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            (self.sent if what == "sent" else self.acked)[client_id] = who


@dataclass
class Verdict:
    """What went wrong, each entry saying what and where: all must be empty."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    def is_clean(self) -> bool:
        """Nothing went wrong."""
        return not any(asdict(self).values())


class NotAnswered(OSError):
    """Nobody answered, or the answer was "not now"."""


class Unexpected(Exception):
    """The server refused what it should take: the test itself is wrong, or the product is."""


def exchange(
    url: str, body: bytes | None, headers: Mapping[str, str], *, timeout: float = 8.0
) -> bytes:
    """The body of a 2xx; NotAnswered when the same request may be made again."""
    request = urllib.request.Request(url, data=body, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            result: bytes = answer.read()
            return result
    except urllib.error.HTTPError as error:
        if error.code in NOT_NOW or error.code >= 500:
            raise NotAnswered(f"{error.code}") from error
        raise Unexpected(f"{error.code} {url}: {error.read()[:300]!r}") from error
    except (OSError, ValueError) as error:
        raise NotAnswered(str(error)) from error
    except Exception as error:  # http.client's own errors when a connection breaks in the middle
        raise NotAnswered(repr(error)) from error


def call(
    url: str,
    body: Json | None,
    token: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 8.0,
) -> Json:
    """One request with JSON; raises NotAnswered when it was not answered with 200."""
    own = {"Content-Type": "application/json", **(headers or {})}
    if token:
        own["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    try:
        result: Json = json.loads(exchange(url, data, own, timeout=timeout))
    except json.JSONDecodeError as error:
        raise NotAnswered(str(error)) from error
    return result
