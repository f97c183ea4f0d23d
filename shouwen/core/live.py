"""Live screens: a nudge says that something changed, never what.

Whoever is nudged fetches through the permission-checked query. One listener a process, fan-out in
memory; between processes PostgreSQL's NOTIFY, or Redis when REDIS_URL is set.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache

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


@dataclass(frozen=True)
class Nudge:
    """Something about `topic` changed; `id` names the row where that helps."""

    topic: str
    name: str
    id: int = 0


def nudge(topic: str, name: str, id: int = 0) -> None:  # noqa: A002 - the word of the contract
    """Tell every screen that follows `topic`. Call it after the commit, from handlers.py only."""
    nudge_all([Nudge(topic, name, id)])


def nudge_all(nudges: Iterable[Nudge]) -> None:
    """Tell many at once, in one round trip."""
    packed = [json.dumps(asdict(one), separators=(",", ":")) for one in dict.fromkeys(nudges)]
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
        self._followers: dict[str, set[Follower]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def follow(self, topic: str, follower: Follower) -> None:
        """Call `follower` with every nudge of `topic`, in the event loop; it must not block."""
        self._followers[topic].add(follower)

    def leave(self, topic: str, follower: Follower) -> None:
        """The follower hears of `topic` no more."""
        self._followers[topic].discard(follower)
        if not self._followers[topic]:
            del self._followers[topic]

    def ensure_listening(self) -> None:
        """Start the listener in the running event loop if it does not run yet."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())

    async def stop(self) -> None:
        """The listener has ended."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def deliver(self, nudge_: Nudge) -> None:
        """Hand a nudge to its followers; one that fails hinders no other."""
        for follower in tuple(self._followers.get(nudge_.topic, ())):
            try:
                follower(nudge_)
            except Exception:
                logger.exception("a follower of %s failed", nudge_.topic)

    def _take(self, payload: str) -> None:
        try:
            received = Nudge(**json.loads(payload))
        except (ValueError, TypeError):
            # Whoever else may write to this channel must not end everybody's live screens.
            logger.warning("something on the live channel is no nudge: %.200s", payload)
            return
        self.deliver(received)

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
