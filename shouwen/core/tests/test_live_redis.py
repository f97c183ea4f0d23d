"""Nudges through a real Redis, also when it dies and comes back."""

import asyncio
import subprocess
import time

import pytest
import redis

from shouwen.core import live
from shouwen.core.live import RESYNC, Hub, Nudge, nudge_all
from tests.needs import need
from tests.served import free_port


class RealRedis:
    """A redis-server of this test's own."""

    def __init__(self, program: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [program, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                redis.Redis(port=self.port).ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def server(settings, monkeypatch):
    one = RealRedis(str(need("redis-server")["redis-server"]))
    one.start()
    settings.REDIS_URL = one.url
    monkeypatch.setattr(live, "RECONNECT_SECONDS", 0.2)
    live._redis.cache_clear()
    yield one
    one.kill()
    live._redis.cache_clear()


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


def run(scenario) -> None:
    """The scenario with a hub that listens for sure."""

    async def go() -> None:
        hub, heard = Hub(), []
        hub.follow("a", heard.append)
        hub.ensure_listening()
        try:
            while not heard:
                await asyncio.to_thread(nudge_all, [Nudge("a", "hello")])
                await asyncio.sleep(0.05)
            heard.clear()
            await scenario(hub, heard)
        finally:
            await hub.stop()

    asyncio.run(go())


def test_nudges_arrive(server):
    async def scenario(hub, heard):
        await asyncio.to_thread(nudge_all, [Nudge("a", "one", 1), Nudge("b", "other")])
        await until(lambda: Nudge("a", "one", 1) in heard)
        assert not [one for one in heard if one.topic == "b"]

    run(scenario)


def test_while_redis_is_away_screens_look_by_themselves(server, caplog):
    async def scenario(hub, heard):
        server.kill()
        await until(lambda: heard.count(Nudge("a", RESYNC)) >= 2)
        with pytest.raises(redis.RedisError):
            await asyncio.to_thread(nudge_all, [Nudge("a", "lost")])
        await asyncio.to_thread(server.start)
        await asyncio.sleep(1)
        heard.clear()
        await asyncio.to_thread(nudge_all, [Nudge("a", "again")])
        await until(lambda: Nudge("a", "again") in heard)

    run(scenario)
    assert "lost its connection" in caplog.text


def test_silence_is_broken_by_a_question(server, monkeypatch):
    monkeypatch.setattr(live, "SILENCE_SECONDS", 0.1)

    async def scenario(hub, heard):
        await asyncio.sleep(1)
        assert heard == []
        await asyncio.to_thread(nudge_all, [Nudge("a", "after silence")])
        await until(lambda: heard == [Nudge("a", "after silence")])

    run(scenario)
