"""Browsers without a browser: they follow a conversation, keep an outbox and come back after any cut."""

import json
import threading
import time
import uuid
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

Json = dict[str, Any]
BEAT_SECONDS = 1.0
PATIENCE_SECONDS = 2.0
COMES_BACK_AFTER_SECONDS = 0.3


class Screen:
    """One person's screen of one conversation, on the machine at `base` (host:port)."""

    def __init__(self, base: str, side: Json) -> None:
        self.base = base
        self._side = side
        self._lock = threading.Lock()
        self._outbox: dict[str, Json] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._cursor = 0
        self.said: list[str] = []
        self.seen: list[tuple[int, int, str]] = []
        self.acked: list[str] = []
        self.cuts = 0
        self.is_open = threading.Event()

    def open(self) -> "Screen":
        """It shows what is there."""
        self._thread.start()
        return self

    def say(self, text: str) -> str:
        """Into the outbox; it goes out as soon as it can, and again until it is acknowledged."""
        key = str(uuid.uuid4())
        self.said.append(text)
        frame = {"type": "send", "client_id": key, "text": text, "files": []}
        if "conversation" in self._side:
            frame |= {"conversation": self._side["conversation"], "seen": 2**30}
        with self._lock:
            self._outbox[key] = frame
        return key

    def is_empty(self) -> bool:
        """Whether everything said was acknowledged."""
        with self._lock:
            return not self._outbox

    def texts(self) -> list[str]:
        """What was said, in the order it arrived here, each as often as it was shown as new."""
        return [text for _seq, _rev, text in self.seen]

    def close(self) -> None:
        """Nobody looks any more."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with ExitStack() as stack:
                    self._talk(stack.enter_context(self._connect()))
            except (OSError, WebSocketException):
                pass
            self.is_open.clear()
            self.cuts += 1
            self._stop.wait(COMES_BACK_AFTER_SECONDS)

    def _connect(self) -> ClientConnection:
        headers = {"Cookie": self._side["cookie"]} if "cookie" in self._side else {}
        return connect(
            f"ws://{self.base}{self._side['path']}",
            origin=f"http://{self.base}",
            additional_headers=headers,
            open_timeout=PATIENCE_SECONDS,
            close_timeout=0.2,
        )

    def _talk(self, socket: ClientConnection) -> None:
        socket.send(json.dumps(self._side["hello"] | {"after": self._cursor}))
        sent: set[str] = set()
        heard_at = asked_at = time.monotonic()
        while not self._stop.is_set():
            self._send_new(socket, sent)
            try:
                self._take(json.loads(socket.recv(timeout=0.05)))
                heard_at = time.monotonic()
            except TimeoutError:
                if time.monotonic() - max(heard_at, asked_at) > BEAT_SECONDS:
                    if asked_at > heard_at and time.monotonic() - heard_at > PATIENCE_SECONDS:
                        raise OSError("nobody answers") from None
                    asked_at = time.monotonic()
                    socket.send(json.dumps({"type": "ping"}))

    def _send_new(self, socket: ClientConnection, sent: set[str]) -> None:
        with self._lock:
            waiting = [one for key, one in self._outbox.items() if key not in sent]
        for one in waiting:
            socket.send(json.dumps(one))
            sent.add(one["client_id"])

    def _take(self, frame: Json) -> None:
        if frame["type"] == "lines":
            self.is_open.set()
            self._cursor = max(self._cursor, frame["cursor"])
            self.seen += [(one["seq"], one["rev"], one["text"]) for one in frame["lines"]]
        elif frame["type"] == "ack":
            with self._lock:
                if self._outbox.pop(frame["client_id"], None):
                    self.acked.append(frame["client_id"])
        elif frame["type"] == "refused":
            raise AssertionError(frame["message"])
