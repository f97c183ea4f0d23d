"""People and programs that keep writing, and say again under the same id what was not acknowledged."""

import json
import random
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from email.message import EmailMessage
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from shouwen.mailroom.tests.servers import Dovecot
from tests.faults.ledger import Json, Ledger, NotAnswered, call, exchange

RETRY_SECONDS = 0.1


class Talker:
    """Says one thing after the other; the next one only when this one is kept."""

    pause = 0.5

    def __init__(self, base: str, name: str, ledger: Ledger) -> None:
        self.base = base
        self.name = name
        self.ledger = ledger
        self.said: list[str] = []

    def arrive(self) -> None:
        """Known to the server from now on."""

    def say(self, number: int, *, until: float) -> None:
        """One thing, however often it takes."""
        client_id = str(uuid.uuid4())
        self.said.append(client_id)
        body = self.words(number, client_id)
        self.ledger.note("sent", client_id, self.name)
        while time.monotonic() < until:
            try:
                self.deliver(client_id, body)
            except (OSError, WebSocketException):
                time.sleep(RETRY_SECONDS)
                continue
            self.ledger.note("acked", client_id, self.name)
            return

    def words(self, number: int, client_id: str) -> Json:
        """What is said, the same at every try."""
        text = f"{self.name} 第 {number} 句：电梯又停了"
        return {"client_id": client_id, "text": text, "files": []}

    def deliver(self, client_id: str, body: Json) -> None:
        """Returns only when the server says it is kept; OSError asks for another try."""
        raise NotImplementedError

    def leave(self) -> None:
        """Nothing of it stays open."""


class Visitor(Talker):
    """A visitor of the web chat who gets only requests through; `base` is the widget's address."""

    token = ""

    def arrive(self) -> None:
        self.token = call(f"{self.base}/session", {})["token"]

    def deliver(self, client_id: str, body: Json) -> None:
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


class SocketMixin:
    """A WebSocket that is opened again after every cut, and the screen behind it."""

    _socket: Any = None
    _stack: ExitStack | None = None
    cursor = 0

    def __init__(self, base: str, name: str, ledger: Ledger) -> None:
        super().__init__(base, name, ledger)  # type: ignore[call-arg]  # a mixin of Talkers
        self.screen: Counter[str] = Counter()

    def address(self) -> tuple[str, str, dict[str, str]]:
        """The socket's address, the origin of its page, and further headers."""
        raise NotImplementedError

    def hello(self) -> Json:
        """The first frame."""
        raise NotImplementedError

    def frame(self, body: Json) -> Json:
        """The frame that says `body`."""
        return {"type": "send", **body}

    def deliver(self, client_id: str, body: Json) -> None:
        try:
            if self._socket is None:
                self._open()
            self._socket.send(json.dumps(self.frame(body)))
            deadline = time.monotonic() + 8
            while time.monotonic() < deadline:
                frame = self._read(8)
                if frame["type"] == "refused" and frame.get("client_id") == client_id:
                    raise NotAnswered(frame["message"])
                if frame["type"] == "ack" and frame.get("client_id") == client_id:
                    return
            raise NotAnswered("no acknowledgement")
        except (OSError, WebSocketException):
            self.leave()
            raise

    def watch(self, seconds: float) -> None:
        """Look at the screen for so long, without saying anything."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                if self._socket is None:
                    self._open()
                self._read(left)
            except TimeoutError:
                return
            except (OSError, WebSocketException):
                self.leave()
                time.sleep(RETRY_SECONDS)

    def leave(self) -> None:
        if self._stack:
            self._stack.close()
        self._stack = self._socket = None

    def _read(self, timeout: float) -> Json:
        frame: Json = json.loads(self._socket.recv(timeout=timeout))
        if frame["type"] == "lines":
            self.screen.update(line["client_id"] for line in frame["lines"] if line["client_id"])
            self.cursor = max(self.cursor, frame["cursor"])
        return frame

    def _open(self) -> None:
        address, origin, headers = self.address()
        self._stack = ExitStack()
        self._socket = self._stack.enter_context(
            connect(
                address, origin=origin, additional_headers=headers, open_timeout=8, close_timeout=1
            )
        )
        self._socket.send(json.dumps(self.hello()))


class SocketVisitor(SocketMixin, Visitor):
    """A visitor whose browser has a socket."""

    def address(self) -> tuple[str, str, dict[str, str]]:
        site = self.base.replace("http://", "ws://").replace("/widget/", "/ws/widget/")
        return site, self.base.split("/widget/")[0], {}

    def hello(self) -> Json:
        return {"type": "hello", "token": self.token, "after": self.cursor}


class Desk(SocketMixin, Talker):
    """An agent in the workspace, talking in one conversation; `base` is the server's address."""

    def __init__(self, base: str, name: str, ledger: Ledger, *, session: str, at: int) -> None:
        super().__init__(base, name, ledger)
        self._session = session
        self.conversation = at

    def address(self) -> tuple[str, str, dict[str, str]]:
        socket = self.base.replace("http://", "ws://") + "/ws/staff"
        return socket, self.base, {"Cookie": f"shouwen={self._session}"}

    def hello(self) -> Json:
        return {"type": "follow", "conversation": self.conversation, "after": self.cursor}

    def frame(self, body: Json) -> Json:
        return {"type": "send", "conversation": self.conversation, **body}


class Uploader(Visitor):
    """A visitor who sends a file with every line."""

    pause = 1.0

    def __init__(self, base: str, name: str, ledger: Ledger) -> None:
        super().__init__(base, name, ledger)
        self.files: dict[str, bytes] = {}

    def words(self, number: int, client_id: str) -> Json:
        self.files[client_id] = client_id.encode() + random.randbytes(random.randrange(200_000))
        return super().words(number, client_id)

    def deliver(self, client_id: str, body: Json) -> None:
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{client_id}.dat"'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        content = head.encode() + self.files[client_id] + f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"multipart/form-data; boundary={mark}",
        }
        kept = json.loads(exchange(f"{self.base}/files", content, headers))
        call(f"{self.base}/lines", {**body, "files": [kept["file"]]}, self.token)


class Program(Talker):
    """A program that writes down contacts over the API, each under an Idempotency-Key of its own."""

    pause = 1.0

    def __init__(self, base: str, name: str, ledger: Ledger, *, key: str) -> None:
        super().__init__(base, name, ledger)
        self._key = key

    def words(self, number: int, client_id: str) -> Json:
        words = f"{client_id} 第 {number} 通电话"
        return {"channel": "phone", "outcome": "answered", "words": words, "name": self.name}

    def deliver(self, client_id: str, body: Json) -> None:
        address = f"{self.base}/api/v1/conversations"
        call(address, body, self._key, headers={"Idempotency-Key": client_id})


class Answerer(Talker):
    """A program that answers in one conversation over the API; by mail if that came by mail."""

    pause = 1.0

    def __init__(self, base: str, name: str, ledger: Ledger, *, key: str, at: int) -> None:
        super().__init__(base, name, ledger)
        self._key = key
        self.conversation = at

    def words(self, number: int, client_id: str) -> Json:
        return {"client_id": client_id, "text": f"{client_id} 第 {number} 封回信"}

    def deliver(self, client_id: str, body: Json) -> None:
        address = f"{self.base}/api/v1/conversations/{self.conversation}/lines"
        call(address, body, self._key, headers={"Idempotency-Key": client_id})


class Mailer(Talker):
    """A customer who writes mails: kept as soon as his mail server has them."""

    pause = 2.0

    def __init__(self, name: str, ledger: Ledger, *, imap: Dovecot, user: str) -> None:
        super().__init__("", name, ledger)
        self._imap = imap
        self._user = user

    def words(self, number: int, client_id: str) -> Json:
        return {"text": f"{self.name} 第 {number} 封信：暖气不热。"}

    def deliver(self, client_id: str, body: Json) -> None:
        self._imap.put(self._user, mail_of(client_id, body["text"]).as_bytes())


def mail_of(client_id: str, text: str) -> EmailMessage:
    """A customer's mail whose Message-ID holds the id."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"李女士 <li-{client_id[:8]}@customer.example>", "fuwu@shop.example"
    mail["Subject"] = "暖气"
    mail["Date"] = "Sun, 22 Nov 2026 10:00:00 +0800"
    mail["Message-ID"] = f"<{client_id}@customer.example>"
    mail.set_content(text)
    return mail
