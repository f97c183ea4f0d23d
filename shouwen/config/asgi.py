"""The ASGI application: pages through Django, sockets through our own consumers."""

import gc
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.config.settings")
django.setup(set_prefix=False)

from shouwen.conversations.consumers import serve_socket  # noqa: E402 - needs a set-up Django
from shouwen.core.draining import is_draining  # noqa: E402
from shouwen.core.http import see_through_proxies  # noqa: E402
from shouwen.core.live import hub  # noqa: E402
from shouwen.core.pagehandler import PageHandler  # noqa: E402
from shouwen.keeping.metrics import socket_open  # noqa: E402

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

pages = PageHandler()
BODY_LIMIT = 80 * 1024 * 1024


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route one connection."""
    if scope["type"] != "lifespan":
        see_through_proxies(scope)
    if scope["type"] == "websocket":
        with socket_open(scope["path"]):
            await serve_socket(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif _declared_length(scope) > BODY_LIMIT:
        await _refuse_body(send)
    else:
        send = _closing(send) if is_draining() else send
        await pages(scope, receive, send)  # type: ignore[arg-type]  # senders of our own take less


def _closing(send: Send) -> Send:
    """The answer is the last one on its connection: the client opens the next one elsewhere."""

    async def send_and_close(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await send(message)

    return send_and_close


def _declared_length(scope: Scope) -> int:
    headers = dict(scope["headers"])
    try:
        return int(headers.get(b"content-length", b"0"))
    except ValueError:
        return BODY_LIMIT + 1


async def _refuse_body(send: Send) -> None:
    head = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": head})
    await send({"type": "http.response.body", "body": "内容过大。 Too large.\n".encode()})


def _settle_memory() -> None:
    """What was loaded stays: looking through it for garbage again and again would cost lines a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.ensure_listening()
            _settle_memory()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
