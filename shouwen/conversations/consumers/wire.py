"""The ground both kinds of sockets stand on: frames, threads for the database, own origin."""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
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


class DatabaseThread:
    """A thread of its own for one kind of work; busy, it keeps its connection."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Do it after what was asked before; a failure costs the connection, which may be dead."""

        def work() -> T:
            try:
                with translation.override(settings.LANGUAGE_CODE):
                    return function(*arguments)
            except BaseException:
                connections.close_all()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def rest(self) -> None:
        """The connection goes back to the pool."""
        await asyncio.get_running_loop().run_in_executor(self._threads, connections.close_all)


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
    """One accepted connection: frames in, frames out by a task that lives while there are some.

    Thousands lie idle: what a connection needs only in use is made when it is used.
    """

    __slots__ = ("_close_code", "_is_closing", "_outgoing", "_receive", "_send", "_writer")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._outgoing: list[Frame | None] = []
        self._close_code = 1000
        self._is_closing = False
        self._writer: asyncio.Task[None] | None = None

    async def accept(self) -> None:
        """The connection is open."""
        await self._receive()
        await self._send({"type": "websocket.accept"})

    def push(self, frame: Frame) -> None:
        """Send a frame when the client takes it; a client that takes nothing is cut off."""
        if len(self._outgoing) > BACKLOG_LIMIT:
            self.close(TRY_LATER)
            return
        self._put(frame)

    def close(self, code: int) -> None:
        """Close after what is already on its way."""
        if not self._is_closing:
            self._close_code = code
            self._put(None)
            self._is_closing = True

    def _put(self, frame: Frame | None) -> None:
        if self._is_closing:
            return
        self._outgoing.append(frame)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def frames(self) -> "list[Frame] | None":
        """The next frame as a list of one, an empty list for rubbish, None when it is over."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return None
        frame = _read(message.get("text") or "")
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
            while self._outgoing:
                frames, self._outgoing = self._outgoing, []
                for frame in frames:
                    if frame is None:
                        await self._send({"type": "websocket.close", "code": self._close_code})
                        return
                    await self._send({"type": "websocket.send", "text": _text(frame)})
        self._writer = None


def _read(text: str) -> object:
    """What the client says; None for rubbish. Halves of characters are no rubbish: people paste them."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(frame: Frame) -> str:
    try:
        return orjson.dumps(frame).decode()
    except TypeError:
        return json.dumps(frame)


class Errands:
    """What a connection has under way; lines wait for each other, so that they keep their order."""

    __slots__ = ("_in_order", "_is_dropped", "_tasks")

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] | None = None
        self._in_order: deque[Coroutine[Any, Any, None]] | None = None
        self._is_dropped = False

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do it while the next frames are read."""
        if self._tasks is None:
            self._tasks = set()
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def are_in_order(self) -> bool:
        """Whether something waits for those before it."""
        return self._in_order is not None

    def start_in_order(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it after those that were started so before."""
        if self._is_dropped:
            work.close()
            return
        if self._in_order is not None:
            self._in_order.append(work)
            return
        self._in_order = deque()
        self.start(work).add_done_callback(self._start_next)

    def _start_next(self, _done: asyncio.Task[None]) -> None:
        if self._in_order:
            self.start(self._in_order.popleft()).add_done_callback(self._start_next)
        else:
            self._in_order = None

    def drop(self) -> None:
        """The connection is gone: nothing goes on for it."""
        self._is_dropped = True
        while self._in_order:
            self._in_order.popleft().close()
        for task in self._tasks or ():
            task.cancel()


def whole_number(value: object) -> int:
    """A number a client sent, or 0 if it is none that a counter could have."""
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


async def refuse(receive: Receive, send: Send, code: int) -> None:
    """Turn a connection away before it is accepted: the client sees HTTP 403."""
    await receive()
    await send({"type": "websocket.close", "code": code})
