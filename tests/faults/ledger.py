"""The fsynced ledger of all fault tests: what was sent, what was acknowledged, what is there in the end."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

Json = dict[str, Any]


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
    """What went wrong: all four must be empty."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)


def call(url: str, body: Json | None, token: str = "", *, timeout: float = 5.0) -> Json:
    """One request with JSON; raises OSError when it was not answered with 200."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method="POST" if data is not None else "GET")
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            result: Json = json.load(answer)
    except ValueError as error:
        raise OSError(str(error)) from error
    return result


class Visitor:
    """Somebody who keeps writing, and says again under the same id what was not acknowledged."""

    def __init__(self, base: str, name: str, ledger: Ledger) -> None:
        self.base = base
        self.name = name
        self.ledger = ledger
        self.token = ""
        self.said: list[str] = []

    def arrive(self) -> None:
        """Known by a token from now on."""
        self.token = call(f"{self.base}/session", {})["token"]

    def say(self, number: int, *, until: float) -> None:
        """One line, however often it takes."""
        client_id = str(uuid.uuid4())
        self.said.append(client_id)
        self.ledger.note("sent", client_id, self.name)
        body = {
            "client_id": client_id,
            "text": f"{self.name} 第 {number} 句：电梯又停了",
            "files": [],
        }
        while time.monotonic() < until:
            try:
                self.deliver(body)
            except (OSError, WebSocketException):
                time.sleep(0.1)
                continue
            self.ledger.note("acked", client_id, self.name)
            return

    def deliver(self, body: Json) -> None:
        """By POST; returns only when the server says it is kept."""
        call(f"{self.base}/lines", body, self.token)

    def all_lines(self) -> list[Json]:
        """Everything that stands in the visitor's conversation, page by page."""
        lines: list[Json] = []
        cursor = 0
        while True:
            page = call(f"{self.base}/lines?after={cursor}", None, self.token)
            lines += page["lines"]
            if page["cursor"] == cursor or page["cursor"] >= page["state"]["last_rev"]:
                return lines
            cursor = page["cursor"]


class SocketVisitor(Visitor):
    """The same over a WebSocket that is opened again after every cut."""

    _socket: Any = None
    _open_socket: ExitStack | None = None

    def deliver(self, body: Json) -> None:
        """Send and wait for the acknowledgement of this very line."""
        if self._socket is None:
            self._open()
        try:
            self._socket.send(json.dumps({"type": "send", **body}))
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                frame = json.loads(self._socket.recv(timeout=5))
                if frame.get("client_id") == body["client_id"] and frame["type"] == "ack":
                    return
            raise OSError("no acknowledgement")
        except (OSError, WebSocketException):
            self._close()
            raise

    def _close(self) -> None:
        if self._open_socket:
            self._open_socket.close()
        self._open_socket = self._socket = None

    def _open(self) -> None:
        address = self.base.replace("http://", "ws://").replace("/widget/", "/ws/widget/")
        origin = self.base.split("/widget/")[0]
        self._open_socket = ExitStack()
        self._socket = self._open_socket.enter_context(
            connect(address, origin=origin, open_timeout=5, close_timeout=1)
        )
        self._socket.send(json.dumps({"type": "hello", "token": self.token, "after": 0}))


def judge(visitors: list[Visitor], ledger: Ledger) -> Verdict:
    """Hold what is there against what was sent and acknowledged."""
    verdict = Verdict()
    found: Counter[str] = Counter()
    for visitor in visitors:
        own = [line for line in visitor.all_lines() if line["kind"] == "visitor"]
        ids = [line["client_id"] for line in own]
        found.update(ids)
        seqs = [line["seq"] for line in own]
        expected = [one for one in visitor.said if one in set(ids)]
        if ids != expected or seqs != sorted(set(seqs)):
            verdict.out_of_order.append(visitor.name)
    verdict.lost = [one for one in ledger.acked if one not in found]
    verdict.doubled = [one for one, times in found.items() if times > 1]
    verdict.ghosts = [one for one in found if one not in ledger.sent]
    return verdict
