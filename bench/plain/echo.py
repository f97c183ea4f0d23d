"""The raw server stack: what comes in goes out."""

from typing import Any


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Echo one socket."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})
