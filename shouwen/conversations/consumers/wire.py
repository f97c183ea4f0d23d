"""The ground both kinds of sockets stand on: frames, threads for the database, own origin."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils import translation

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Frame = dict[str, Any]
T = TypeVar("T")

TOKEN_UNKNOWN, FORBIDDEN, NO_SUCH_SITE, TRY_LATER = 4401, 4403, 4404, 1013
# A client that takes nothing for this many frames is cut off; it resumes after its cursor.
BACKLOG_LIMIT = 500

_threads = ThreadPoolExecutor(max_workers=6, thread_name_prefix="socket-database")


async def in_thread(function: Callable[..., T], *arguments: Any, language: str = "") -> T:
    """Run database work in a thread, in the reader's language; its connection goes back to the pool."""

    def work() -> T:
        try:
            with translation.override(language or settings.LANGUAGE_CODE):
                return function(*arguments)
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def headers_of(scope: Scope) -> dict[str, str]:
    """The request headers, names in lower case."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """The cookies; a broken header has none."""
    try:
        return {name: one.value for name, one in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def is_own_origin(headers: dict[str, str]) -> bool:
    """Whether the page that opens this socket is one of ours. No Origin, no socket. (V4.4.2)"""
    origin = urlsplit(headers.get("origin", ""))
    if origin.scheme not in {"http", "https"} or not origin.netloc:
        return False
    if f"{origin.scheme}://{origin.netloc}" == settings.PUBLIC_URL:
        return True
    if settings.IS_HTTPS and origin.scheme != "https":
        return False
    return origin.netloc == headers.get("host", "")


class Socket:
    """One accepted connection: frames in, frames out through a queue, so that no sender waits."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._outgoing: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._close_code = 1000
        self._writer: asyncio.Task[None] | None = None

    async def accept(self) -> None:
        """The connection is open."""
        await self._receive()
        await self._send({"type": "websocket.accept"})
        self._writer = asyncio.create_task(self._write())

    def push(self, frame: Frame) -> None:
        """Send a frame when the client takes it; a client that takes nothing is cut off."""
        if self._outgoing.qsize() > BACKLOG_LIMIT:
            self.close(TRY_LATER)
            return
        self._outgoing.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close after what is already on its way."""
        self._close_code = code
        self._outgoing.put_nowait(None)

    async def frames(self) -> "list[Frame] | None":
        """The next frame as a list of one, an empty list for rubbish, None when it is over."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return None
        try:
            frame = json.loads(message.get("text") or "")
        except (ValueError, RecursionError):
            return []
        return [frame] if isinstance(frame, dict) and isinstance(frame.get("type"), str) else []

    async def turn_away(self, code: int) -> None:
        """Say why and end, without hearing anything."""
        self.close(code)
        if self._writer:
            await self._writer

    async def finish(self) -> None:
        """The writer has ended."""
        if self._writer:
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer

    async def _write(self) -> None:
        # Whatever goes wrong while sending means that the client is gone: the reader notices too.
        with contextlib.suppress(OSError, RuntimeError):
            while (frame := await self._outgoing.get()) is not None:
                text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
                await self._send({"type": "websocket.send", "text": text})
            await self._send({"type": "websocket.close", "code": self._close_code})


class Errands:
    """What a connection has under way; lines wait for each other, so that they keep their order."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_order = asyncio.Lock()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it while the next frames are read."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start_in_order(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it after those that were started so before."""
        self.start(self._after_the_others(work))

    async def _after_the_others(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._in_order:
                await work
        finally:
            work.close()

    def drop(self) -> None:
        """The connection is gone: nothing goes on for it."""
        for task in self._tasks:
            task.cancel()


def whole_number(value: object) -> int:
    """A number a client sent, or 0 if it is none that a counter could have."""
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


async def refuse(receive: Receive, send: Send, code: int) -> None:
    """Turn a connection away before it is accepted: the client sees HTTP 403."""
    await receive()
    await send({"type": "websocket.close", "code": code})
