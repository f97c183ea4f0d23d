"""Visitors who talk through the widget's door and do not give up before they are heard."""

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.faults.ledger import Ledger

ATTEMPT_SECONDS = 8.0
PAUSE_SECONDS = 0.15
PATIENCE_SECONDS = 90.0


def post(url: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    """The JSON answer to a POST; raises OSError for anything but 200."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=ATTEMPT_SECONDS) as answer:
        return json.load(answer)


@dataclass
class Talker:
    """One visitor: says line after line, each again under the same id until it is acknowledged."""

    widget: str
    ledger: Ledger
    stop: threading.Event
    places: list[int] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)

    def talk(self) -> None:
        """Until told to stop; then the last line is still brought to its end."""
        token = post(f"{self.widget}session", {})["token"]
        while not self.stop.is_set():
            self._say(f"第 {len(self.places) + 1} 句", token)
            time.sleep(PAUSE_SECONDS)

    def _say(self, text: str, token: str) -> None:
        id_ = str(uuid.uuid4())
        self.ledger.note("sent", id_)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = post(f"{self.widget}lines", {"client_id": id_, "text": text}, token)
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    self.refusals.append(f"{error.code} {error.read()[:200]!r}")
                    return
            except (OSError, ValueError):
                pass
            else:
                self.ledger.note("acked", id_)
                self.places.append(answer["line"]["seq"])
                return
            time.sleep(PAUSE_SECONDS)
        self.unheard.append(id_)
