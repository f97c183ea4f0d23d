"""Hundreds of callers who hardly send or read: the others do not notice, and they are let go. (F14)"""

import asyncio
import contextlib
import threading
import time
import urllib.request
from collections.abc import Iterator
from statistics import quantiles

import pytest

from shouwen.core.patience import HEAD_SECONDS
from tests.faults.scene import SITE, Scene

pytestmark = pytest.mark.faults
OF_EACH = 125
DRIPS_EVERY_SECONDS = 1.0
# Twice as slow is the limit; below a fifth of a second that is noise on a busy machine.
NOISE_SECONDS = 0.2
HEAD = "GET / HTTP/1.1\r\nHost: {host}\r\n"
BODY = (
    "POST /widget/{site}/session HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    "Content-Length: 100000\r\n\r\n"
)
READER = "GET /widget/{site}/ HTTP/1.1\r\nHost: {host}\r\n\r\n"
SOCKET = (
    "GET /ws/widget/{site} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


class SlowCrowd:
    """125 each: of heads and bodies that drip, of readers and sockets that never read."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))
        self.opened = 0
        self.let_go = 0

    def start(self) -> None:
        """Everybody is connected."""
        self._thread.start()
        end = time.monotonic() + 30
        while self.opened < 4 * OF_EACH and time.monotonic() < end:
            time.sleep(0.1)

    def stop(self) -> None:
        """Everybody is gone."""
        self._stop.set()
        self._thread.join()

    async def _all(self) -> None:
        kinds = [(HEAD, b"X-a: b\r\n"), (BODY, b" "), (READER, b""), (SOCKET, b"")]
        await asyncio.gather(*[self._one(*kind) for kind in kinds for _n in range(OF_EACH)])

    async def _one(self, begin: str, drip: bytes) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=64)
        writer.write(begin.format(host=f"127.0.0.1:{self._port}", site=SITE).encode())
        self.opened += 1
        with contextlib.suppress(OSError):
            while not self._stop.is_set():
                await asyncio.sleep(DRIPS_EVERY_SECONDS)
                if drip:
                    writer.write(drip)
                    await writer.drain()
            writer.close()
            return
        self.let_go += 1


@pytest.fixture
def crowd(scene: Scene) -> Iterator[SlowCrowd]:
    """A crowd that leaves after the test."""
    crowd = SlowCrowd(scene.served.port)
    yield crowd
    crowd.stop()


def p95(url: str) -> float:
    seconds = []
    for _number in range(60):
        begun = time.monotonic()
        with urllib.request.urlopen(url, timeout=30) as answer:
            answer.read()
        seconds.append(time.monotonic() - begun)
    return quantiles(seconds, n=20)[-1]


def test_others_do_not_notice_a_slow_crowd(scene: Scene, crowd: SlowCrowd) -> None:
    page = f"{scene.widget}/"
    p95(page)
    before = p95(page)

    crowd.start()
    begun = time.monotonic()
    during = p95(page)

    assert crowd.opened == 4 * OF_EACH
    assert during < max(2 * before, before + NOISE_SECONDS)
    time.sleep(max(0.0, HEAD_SECONDS + 4 - (time.monotonic() - begun)))
    assert crowd.let_go >= OF_EACH
    assert scene.served.is_ready()
