"""Live: nudges reach whoever follows their topic, and after a lost connection everybody looks again."""

import asyncio
import contextlib
import json

import pytest
from django.db import connection

from shouwen.core.live import (
    CHANNEL,
    LISTENER,
    RESYNC,
    Hub,
    Nudge,
    _packed,
    hub,
    nudge,
    nudge_all,
    nudges_held,
)


class TestHub:
    def test_delivers_to_the_followers_of_the_topic_only(self):
        hub, heard = Hub(), []
        hub.follow("a", heard.append)

        hub.deliver(Nudge("a", "changed", 1))
        hub.deliver(Nudge("b", "changed", 2))

        assert heard == [Nudge("a", "changed", 1)]

    def test_who_left_hears_no_more_even_in_the_middle_of_a_delivery(self):
        hub, heard = Hub(), []

        def leave_at_once(one: Nudge) -> None:
            heard.append(one)
            hub.leave("a", leave_at_once)

        hub.follow("a", leave_at_once)
        hub.deliver(Nudge("a", "x"))
        hub.deliver(Nudge("a", "x"))

        assert len(heard) == 1

    def test_leaving_twice_harms_nothing(self):
        hub = Hub()

        hub.leave("never followed", print)
        hub.resync_all()

    def test_resync_asks_everybody_once_a_topic(self):
        hub, heard = Hub(), []
        hub.follow("a", heard.append)
        hub.follow("b", heard.append)

        hub.resync_all()

        assert sorted(one.topic for one in heard) == ["a", "b"]
        assert {one.name for one in heard} == {RESYNC}


async def until(condition, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def say(*nudges: Nudge) -> None:
    try:
        nudge_all(nudges)
    finally:
        connection.close()


def cut_newest_listener() -> int:
    """PostgreSQL ends the connection that began to listen last; others of this run live on."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                " WHERE application_name = %s AND datname = current_database()"
                " ORDER BY backend_start DESC LIMIT 1) AS newest",
                [LISTENER],
            )
            return cursor.fetchone()[0]
    finally:
        connection.close()


async def listening(hub: Hub, heard: list[Nudge]) -> None:
    """The hub listens for sure: it heard something."""
    hub.follow("start", heard.append)
    hub.ensure_listening()
    while not heard:
        await asyncio.to_thread(say, Nudge("start", "go"))
        await asyncio.sleep(0.05)
    hub.leave("start", heard.append)
    heard.clear()


class TestPostgres:
    def run(self, scenario) -> None:
        async def go() -> None:
            hub, heard = Hub(), []
            await listening(hub, heard)
            try:
                await scenario(hub, heard)
            finally:
                await hub.stop()

        asyncio.run(go())

    def test_nudges_arrive_in_order_and_equal_ones_once(self, committed):
        async def scenario(hub, heard):
            hub.follow("a", heard.append)
            nudges = [Nudge("a", "n", number) for number in (1, 2, 2, 3)]
            await asyncio.to_thread(say, *nudges)
            await until(lambda: len(heard) == 3)
            assert [one.id for one in heard] == [1, 2, 3]

        self.run(scenario)

    def test_after_a_lost_connection_it_listens_again_and_asks_to_look(self, committed, caplog):
        async def scenario(hub, heard):
            hub.follow("a", heard.append)
            assert await asyncio.to_thread(cut_newest_listener) == 1
            await until(lambda: heard)
            assert heard == [Nudge("a", RESYNC)]
            await asyncio.to_thread(say, Nudge("a", "again"))
            await until(lambda: len(heard) == 2)

        self.run(scenario)
        assert "lost its connection" in caplog.text

    def test_starting_twice_is_one_listener(self, committed):
        async def scenario(hub, heard):
            hub.ensure_listening()
            hub.follow("a", heard.append)
            await asyncio.to_thread(say, Nudge("a", "once"))
            await until(lambda: heard)
            await asyncio.sleep(0.05)
            assert len(heard) == 1

        self.run(scenario)

    def test_what_is_no_nudge_does_not_end_the_listening(self, committed, caplog):
        async def scenario(hub, heard):
            def shout() -> None:
                with connection.cursor() as cursor:
                    for words in ("rubbish", "[]", json.dumps({"other": 1})):
                        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])
                connection.close()

            hub.follow("a", heard.append)
            await asyncio.to_thread(shout)
            await asyncio.to_thread(say, Nudge("a", "after"))
            await until(lambda: any(one.name == "after" for one in heard))

        self.run(scenario)

    def test_a_follower_that_fails_hinders_nobody(self, committed, caplog):
        async def scenario(hub, heard):
            def fail(one: Nudge) -> None:
                raise KeyError(one.topic)

            hub.follow("a", fail)
            hub.follow("a", heard.append)
            await asyncio.to_thread(say, Nudge("a", "one"))
            await asyncio.to_thread(say, Nudge("a", "two"))
            await until(lambda: [one.name for one in heard][-1:] == ["two"])

        self.run(scenario)


class TestOwnNudges:
    def test_are_heard_at_once_in_memory_and_not_again_from_the_others(
        self, committed, loop_runner
    ):
        async def go() -> list[Nudge]:
            heard: list[Nudge] = []
            hub.follow("own", heard.append)
            await asyncio.to_thread(say, Nudge("own", "once"))
            await until(lambda: heard)
            await asyncio.sleep(0.3)
            hub.leave("own", heard.append)
            return heard

        assert loop_runner.run(go()) == [Nudge("own", "once")]

    def test_that_are_held_go_nowhere_yet(self, monkeypatch):
        told: list[Nudge] = []
        monkeypatch.setattr(hub, "deliver_soon", told.extend)
        with nudges_held() as held:
            nudge_all([Nudge("a", "x"), Nudge("a", "x")])

        assert (held, told) == ([Nudge("a", "x")], [])

    def test_of_a_large_group_fit_into_payloads(self):
        nudges = [Nudge(f"conversation:{number}", "lines", number) for number in range(1000)]

        packed = _packed(nudges)

        assert all(len(one.encode()) < 8000 for one in packed)
        assert [Nudge(*n) for one in packed for n in json.loads(one)["nudges"]] == nudges


@pytest.mark.django_db
def test_nothing_to_say_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        nudge_all([])
    with django_assert_num_queries(1):
        nudge("a", "b")


def test_stopping_what_never_listened_harms_nothing():
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(Hub().stop())
