"""A WebSocket client that costs little: the load generator shares two cores with what it measures."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson

Json = dict[str, Any]
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="


def client_frame(opcode: int, payload: bytes) -> bytes:
    """A frame as clients send it; masked with zeros, which leaves the payload as it is."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + b"\0\0\0\0" + payload
    return bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big") + b"\0\0\0\0" + payload


class Wire(asyncio.Protocol):
    """One connection: JSON frames out by `say`, in through `hear`."""

    def __init__(self, request: bytes, hear: Callable[[Json], None]) -> None:
        self._request = request
        self._hear = hear
        self._rest = b""
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed before it opened"))

    def say(self, frame: bytes) -> None:
        """Send a JSON text."""
        self.transport.write(client_frame(TEXT, frame))

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        at = 0
        if not self._is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(data[:200].decode("latin-1")))
                self.transport.close()
                return
            self._is_open, at = True, end + 4
            self.opened.set_result(None)
        self._rest = data[self._take_frames(data, at) :]

    def _take_frames(self, data: bytes, at: int) -> int:
        """Where the frames that are whole end."""
        whole = len(data)
        while whole - at >= 2:
            opcode, size, head = data[at] & 0x0F, data[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            if whole - at < head + size:
                break
            payload = data[at + head : at + head + size]
            at += head + size
            if opcode == TEXT:
                self._hear(orjson.loads(payload))
            elif opcode == PING:
                self.transport.write(client_frame(PONG, payload))
        return at


def opening(port: int, path: str, cookie: str = "") -> bytes:
    """The request that opens a socket, from a page of the same host."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY.decode()}",
        "Sec-WebSocket-Version: 13",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/130.0.0.0 Safari/537.36",
        "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def connect(port: int, path: str, hear: Callable[[Json], None], *, cookie: str = "") -> Wire:
    """An open connection."""
    loop = asyncio.get_running_loop()
    request = opening(port, path, cookie)
    _transport, wire = await loop.create_connection(lambda: Wire(request, hear), "127.0.0.1", port)
    await wire.opened
    return wire
