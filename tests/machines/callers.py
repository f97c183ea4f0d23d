"""Callers that forgive nothing: any request that is not answered well is written down."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.faults.ledger import Ledger, Verdict
from tests.faults.talkers import SocketVisitor, Visitor
from tests.machines.widget import judge

HEADERS = {"Content-Type": "application/json"}
GIVE_UP_AFTER_SECONDS = 60.0


@dataclass
class Tally:
    """What all callers saw."""

    answered: int = 0
    failed: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, failure: str = "") -> None:
        with self._lock:
            if failure:
                self.failed.append(failure)
            else:
                self.answered += 1


class Caller:
    """One connection that is kept open between requests, as browsers and proxies keep theirs."""

    def __init__(self, host: str, port: int, tally: Tally) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=20)
        self._tally = tally

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """The answer's JSON or text; None, and a failure noted, when there was no good answer."""
        headers = HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, path, data, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self._tally.note(f"{method} {path}: {error!r}")
            return None
        if answer.status >= 400:
            self._tally.note(f"{method} {path}: {answer.status}")
            return None
        self._tally.note()
        return json.loads(content) if answer.headers["Content-Type"].endswith("json") else content

    def close(self) -> None:
        self._connection.close()


class Traffic:
    """Readers, writers by POST and writers by socket, until told to stop."""

    def __init__(self, base: str, site: str, ledger: Ledger, *, pause: float = 0.05) -> None:
        self.base, self.site, self.ledger, self.pause = base, site, ledger, pause
        self.tally = Tally()
        self.visitors: list[Visitor] = []
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, *, readers: int = 1, posters: int = 2, talkers: int = 2) -> None:
        """Everybody is at work."""
        works = [self._read] * readers
        for number in range(posters):
            works.append(self._writing(Visitor(self._widget(), f"甲{number}", self.ledger)))
        for number in range(talkers):
            works.append(self._talking(SocketVisitor(self._widget(), f"乙{number}", self.ledger)))
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Everybody has said his last line."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def verdict(self) -> Verdict:
        """What is there against what was sent."""
        return judge(self.visitors, self.ledger)

    def _widget(self) -> str:
        return f"{self.base}/widget/{self.site}"

    def _caller(self) -> Caller:
        host, _, port = self.base.removeprefix("http://").partition(":")
        return Caller(host, int(port), self.tally)

    def _read(self) -> None:
        caller = self._caller()
        while not self._stop.wait(self.pause):
            caller.ask("GET", "/sign-in/")
        caller.close()

    def _writing(self, visitor: Visitor) -> Any:
        visitor.arrive()
        self.visitors.append(visitor)
        path = f"/widget/{self.site}/lines"

        def write() -> None:
            caller = self._caller()
            while not self._stop.wait(self.pause * 3):
                key = str(uuid.uuid4())
                visitor.said.append(key)
                self.ledger.note("sent", key, visitor.name)
                body = {"client_id": key, "text": f"{visitor.name}：电梯又停了", "files": []}
                if caller.ask("POST", path, body, visitor.token) is not None:
                    self.ledger.note("acked", key, visitor.name)
            caller.close()

        return write

    def _talking(self, visitor: SocketVisitor) -> Any:
        visitor.arrive()
        self.visitors.append(visitor)

        def talk() -> None:
            number = 0
            while not self._stop.wait(self.pause * 3):
                number += 1
                visitor.say(number, until=time.monotonic() + GIVE_UP_AFTER_SECONDS)

        return talk
