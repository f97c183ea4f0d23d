"""Pages over ASGI, each answered in one thread: one hop out of the event loop and one back.

Django's own handler changes between loop and threads for every middleware and signal that is not
async, and starts a thread for each request; all of our pages are synchronous.
"""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import FileResponse
from django.urls import set_script_prefix

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# More than there are database connections: who waits for one, and gets none, must get his 503.
THREADS = 64


class PageHandler(ASGIHandler):
    """The whole way of a request, from the first middleware to the close, without leaving its thread."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request, answer it, send the answer."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            response = await self._in_thread(self._answered, scope, body)
            if response.streaming and not response.is_async:
                response.streaming_content = self._parts(response.streaming_content)
            try:
                await self.send_response(response, send)
            finally:
                if response.streaming:
                    await self._in_thread(response.close)

    async def _parts(self, content: Iterable[bytes]) -> AsyncIterator[bytes]:
        """What is streamed, part by part, each fetched in a thread: a large file is never whole here."""
        parts = iter(content)
        while (part := await self._in_thread(next, parts, None)) is not None:
            yield part

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, context.run, work, *arguments)

    def _answered(self, scope: Scope, body: Any) -> Any:
        """The answer; closed already, its connection given back, unless it is still to be streamed."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            # It is closed by another thread: this one gives its connection back itself.
            close_old_connections()
        else:
            response.close()
        return response
