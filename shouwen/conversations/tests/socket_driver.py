"""A browser's side of a WebSocket, spoken to the ASGI application without a server in between."""

import asyncio
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils.module_loading import import_string

HOST = "desk.example"
ORIGIN = f"http://{HOST}"
STAFF = "/ws/staff"
Frame = dict[str, Any]


class Closed(Exception):
    """The server closed the socket; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class WebSocket:
    """One connection. `stall()` stops taking what the server sends, as a client on a dead link does."""

    def __init__(
        self, path: str, *, origin: str | None = ORIGIN, cookies: dict[str, str] | None = None
    ) -> None:
        headers = [(b"host", HOST.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode("latin-1", "replace")))
        if cookies:
            jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
            headers.append((b"cookie", jar.encode()))
        self.scope = {"type": "websocket", "path": path, "headers": headers}
        self._to_server: asyncio.Queue[Frame] = asyncio.Queue()
        self._from_server: asyncio.Queue[Frame] = asyncio.Queue()
        self._taking = asyncio.Event()
        self._taking.set()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> "WebSocket":
        """Accepted, or Closed is raised."""
        application = import_string(settings.ASGI_APPLICATION)
        self._task = asyncio.create_task(
            application(self.scope, self._to_server.get, self._take), name=self.scope["path"]
        )
        self._to_server.put_nowait({"type": "websocket.connect"})
        first = await self._next(5)
        if first["type"] == "websocket.close":
            raise Closed(first.get("code", 1000))
        return self

    async def _take(self, message: Frame) -> None:
        await self._taking.wait()
        self._from_server.put_nowait(message)

    async def _next(self, seconds: float) -> Frame:
        async with asyncio.timeout(seconds):
            return await self._from_server.get()

    def stall(self) -> None:
        """Take nothing more."""
        self._taking.clear()

    def resume(self) -> None:
        """Take again."""
        self._taking.set()

    def send(self, frame: Frame) -> None:
        """Say something."""
        self.send_text(json.dumps(frame))

    def send_text(self, text: str) -> None:
        """Say anything."""
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})

    def send_bytes(self, content: bytes) -> None:
        """Say what is no text."""
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": content})

    async def receive(self, seconds: float = 5) -> Frame:
        """The next frame; raises Closed, and TimeoutError when nothing comes."""
        message = await self._next(seconds)
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        return json.loads(message["text"])

    async def until(self, wanted: Callable[[Frame], bool], seconds: float = 5) -> list[Frame]:
        """All frames up to and with the first wanted one."""
        frames: list[Frame] = []
        async with asyncio.timeout(seconds):
            while not frames or not wanted(frames[-1]):
                frames.append(await self.receive(seconds))
        return frames

    async def closed(self, seconds: float = 5) -> int:
        """The code the server closes with, whatever comes before."""
        try:
            while True:
                await self.receive(seconds)
        except Closed as closed:
            return closed.code

    async def leave(self) -> None:
        """The browser is gone."""
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.resume()
        if self._task:
            await asyncio.wait([self._task], timeout=5)
            assert self._task.done(), "the server did not notice that the browser left"
            self._task.result()


def lines_in(frames: list[Frame]) -> list[Frame]:
    """The lines of all frames, in the order they came."""
    return [line for one in frames if one["type"] == "lines" for line in one["lines"]]


async def away(function, *arguments, **more):
    """Database work from elsewhere: another process as far as the sockets know."""

    def work():
        try:
            return function(*arguments, **more)
        finally:
            connection.close()

    return await asyncio.to_thread(work)


def widget(visitor) -> str:
    return f"/ws/widget/{visitor.site.key}"


def hello(after=0, token="the-token"):
    return {"type": "hello", "token": token, "after": after}


def a_send(text="在吗", client_id=None, **more):
    return {"type": "send", "client_id": str(client_id or uuid4()), "text": text, **more}


def signed_in(staff) -> dict[str, str]:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.create()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def is_ack(frame):
    return frame["type"] == "ack"


def is_answer(frame):
    return is_lines(frame) and any(one["text"] == "您好" for one in frame["lines"])


def is_lines(frame):
    return frame["type"] == "lines"
