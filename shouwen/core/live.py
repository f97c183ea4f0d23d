"""Live screens: a nudge says that something changed, never what.

Whoever is nudged fetches through the permission-checked query. One listener a process, fan-out in
memory; between processes PostgreSQL's NOTIFY, or Redis when REDIS_URL is set.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import psycopg
import redis
import redis.asyncio
from django.conf import settings
from django.db import connection

from shouwen.core.postgres.base import plain_parameters

logger = logging.getLogger(__name__)

CHANNEL = "shouwen_live"
RECONNECT_SECONDS = 1.0
# After so much silence the other side is asked whether it is there, and has so long to answer.
SILENCE_SECONDS = 3.0
ANSWER_SECONDS = 2.0
# The listener's name in PostgreSQL's list of connections.
LISTENER = "shouwen live"
# The name of the nudge sent to everybody after the listener was away: nudges may have been missed.
RESYNC = "resync"
# PostgreSQL takes payloads of less than 8,000 bytes; what is around the nudges is short.
PAYLOAD_BYTES = 7_800


class Nudge(NamedTuple):
    """Something about `topic` changed; `id` names the row where that helps."""

    topic: str
    name: str
    id: int = 0


def nudge(topic: str, name: str, id: int = 0) -> None:  # noqa: A002 - the word of the contract
    """Tell every screen that follows `topic`. Call it after the commit, from handlers.py only."""
    nudge_all([Nudge(topic, name, id)])


def nudge_all(nudges: Iterable[Nudge]) -> None:
    """Tell many at once: this process in memory, the others in one round trip."""
    wanted = list(dict.fromkeys(nudges))
    if (held := getattr(_held, "nudges", None)) is not None:
        held += wanted
    elif wanted:
        hub.deliver_soon(wanted)
        tell_others(wanted)


_held = threading.local()


@contextlib.contextmanager
def nudges_held() -> Iterator[list[Nudge]]:
    """What this thread nudges inside goes nowhere yet: whoever holds it tells it."""
    _held.nudges = []
    try:
        yield _held.nudges
    finally:
        _held.nudges = None


def tell_others(nudges: Sequence[Nudge]) -> None:
    """The other processes hear it; this one was told by hand."""
    packed = _packed(nudges)
    if not packed:
        return
    if settings.REDIS_URL:
        pipeline = _redis().pipeline(transaction=False)
        for payload in packed:
            pipeline.publish(CHANNEL, payload)
        pipeline.execute()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, p) FROM unnest(%s::text[]) AS p", [CHANNEL, packed])


def _packed(nudges: Sequence[Nudge]) -> list[str]:
    """As few payloads as hold them; each says which process it comes from."""
    packed: list[str] = []
    words: list[str] = []
    size = 0
    for word in [json.dumps(one, separators=(",", ":")) for one in nudges]:
        if words and size + len(word) > PAYLOAD_BYTES:
            packed.append(_payload(words))
            words, size = [], 0
        words.append(word)
        size += len(word) + 1
    return [*packed, _payload(words)] if words else packed


def _payload(words: list[str]) -> str:
    return f"{_beginning(hub.name)}{','.join(words)}]}}"


def _beginning(name: str) -> str:
    """How the payloads of a process begin: its own it knows without reading them."""
    return f'{{"from":"{name}","nudges":['


@cache
def _redis() -> "redis.Redis":
    client: redis.Redis = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS
    )
    return client


Follower = Callable[[Nudge], None]


class Hub:
    """The one listener of a process and those in it who follow topics."""

    def __init__(self) -> None:
        # By this name it knows its own nudges, which it was told in memory already.
        self.name = secrets.token_hex(8)
        self._followers: dict[str, set[Follower]] = {}
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def follow(self, topic: str, follower: Follower) -> None:
        """Call `follower` with every nudge of `topic`, in the event loop; it must not block."""
        self._followers.setdefault(topic, set()).add(follower)

    def leave(self, topic: str, follower: Follower) -> None:
        """The follower hears of `topic` no more."""
        followers = self._followers.get(topic)
        if followers is None:
            return
        followers.discard(follower)
        if not followers:
            del self._followers[topic]

    def ensure_listening(self) -> None:
        """Start the listener in the running event loop if it does not run yet."""
        if self._task is None or self._task.done():
            self._loop = asyncio.get_running_loop()
            self._task = self._loop.create_task(self._listen())

    async def stop(self) -> None:
        """The listener has ended."""
        self._loop = None
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def deliver_soon(self, nudges: Iterable[Nudge]) -> None:
        """Hand nudges over in the event loop, from whatever thread; nobody listens, nothing happens."""
        if (loop := self._loop) is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self.deliver_all, nudges)

    def deliver_all(self, nudges: Iterable[Nudge]) -> None:
        """Hand each nudge to its followers."""
        for one in nudges:
            if one.topic in self._followers:
                self.deliver(one)

    def deliver(self, nudge_: Nudge) -> None:
        """Hand a nudge to its followers; one that fails hinders no other."""
        for follower in tuple(self._followers.get(nudge_.topic, ())):
            try:
                follower(nudge_)
            except Exception:
                logger.exception("a follower of %s failed", nudge_.topic)

    def _take(self, payload: str) -> None:
        if payload.startswith(_beginning(self.name)):
            return
        try:
            received = [Nudge(*one) for one in json.loads(payload)["nudges"]]
        except (ValueError, TypeError, KeyError):
            # Whoever else may write to this channel must not end everybody's live screens.
            logger.warning("something on the live channel is no nudge: %.200s", payload)
            return
        self.deliver_all(received)

    def resync_all(self) -> None:
        """Ask every follower to fetch again."""
        for topic in tuple(self._followers):
            self.deliver(Nudge(topic, RESYNC))

    async def _listen(self) -> None:
        first = True
        while True:
            try:
                async with _received() as payloads:
                    if not first:
                        self.resync_all()
                    first = False
                    async for payload in payloads:
                        self._take(payload)
            except (psycopg.Error, redis.RedisError, OSError) as error:
                logger.warning("live listener lost its connection: %s", error)
                if settings.REDIS_URL:
                    # The database may well be there: screens go on, a little later than live.
                    self.resync_all()
            first = False
            await asyncio.sleep(RECONNECT_SECONDS)


@contextlib.asynccontextmanager
async def _received() -> AsyncIterator[AsyncIterator[str]]:
    """The payloads that arrive, from whichever transport is configured; open means listening."""
    if settings.REDIS_URL:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=ANSWER_SECONDS
        )
        async with client, client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            yield _from_redis(channel)
        return
    parameters = plain_parameters() | {
        "tcp_user_timeout": int(ANSWER_SECONDS * 1000),
        "application_name": LISTENER,
    }
    listening = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
    async with listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        yield _from_postgres(listening)


async def _from_postgres(
    listening: psycopg.AsyncConnection[tuple[object, ...]],
) -> AsyncIterator[str]:
    while True:
        async for notification in listening.notifies(timeout=SILENCE_SECONDS):
            yield notification.payload
        # A cable that was pulled says nothing: without a question nobody would notice for long. What
        # is not even received within tcp_user_timeout ends the connection.
        await listening.execute("SELECT 1")


async def _from_redis(channel: "redis.asyncio.client.PubSub") -> AsyncIterator[str]:
    is_asked = False
    while True:
        message = await channel.get_message(timeout=ANSWER_SECONDS if is_asked else SILENCE_SECONDS)
        if message is None:
            if is_asked:
                raise TimeoutError("Redis does not answer")
            await channel.ping()
        elif message["type"] == "message":
            yield message["data"].decode()
        is_asked = message is None


hub = Hub()
