"""Lines and screens in groups: what fails for one or for a while harms no other."""

import asyncio
import contextlib
from functools import cache
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError

from shouwen.conversations.consumers import feed as feeds
from shouwen.conversations.consumers import intake as intakes
from shouwen.conversations.consumers.feed import Follower, LineFeed
from shouwen.conversations.consumers.intake import LineIntake, write_group
from shouwen.conversations.models import Line
from shouwen.conversations.operations.lines import Posted
from shouwen.conversations.operations.talk import Said, visitor_line
from shouwen.conversations.refusals import LineRefused
from shouwen.conversations.tests.factories import ConversationFactory, VisitorFactory
from shouwen.conversations.tests.make import AT, customer_line, post
from shouwen.core.errors import Refused


@pytest.mark.django_db
def test_one_that_cannot_be_kept_is_refused_alone():
    talk = ConversationFactory()
    bad = customer_line(talk, "坏", file_ids=(2**70,))

    posted = write_group([customer_line(talk, "一"), bad, customer_line(talk, "二")])

    assert [one.line and one.line.seq for one in posted] == [1, None, 2]
    assert isinstance(posted[1].refusal, LineRefused)
    assert list(Line.objects.order_by("seq").values_list("text", flat=True)) == ["一", "二"]


@pytest.mark.django_db
def test_losing_the_count_of_lines_a_minute_lets_people_write(monkeypatch):
    def lost(*_arguments):
        raise ValueError("evicted")

    monkeypatch.setattr("shouwen.conversations.operations.talk.cache.incr", lost)

    assert visitor_line(VisitorFactory().pk, Said(client_id=uuid4(), text="好"), AT).line


@cache
def a_refusal(number) -> Posted:
    return Posted(refusal=Refused(str(number)))


class TestIntake:
    def run(self, *sent, write) -> list:
        async def go() -> list:
            intake = LineIntake()
            posting = [asyncio.create_task(intake.post(one)) for one in sent]
            return await asyncio.wait_for(asyncio.gather(*posting, return_exceptions=True), 5)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(intakes, "write_group", write)
            return asyncio.run(go())

    def test_lines_that_arrive_together_are_one_group_in_their_order(self):
        groups = []

        def write(news):
            groups.append(news)
            return [a_refusal(one) for one in news]

        assert self.run(*range(450), write=write) == [a_refusal(n) for n in range(450)]
        assert [len(one) for one in groups] == [200, 200, 50]

    @pytest.mark.parametrize("error", [OperationalError("gone"), KeyError("a mistake of ours")])
    def test_whoever_waits_is_told_of_a_failure_and_the_next_are_written(self, error):
        def write(news):
            if 0 in news:
                raise error
            return [a_refusal(one) for one in news]

        results = self.run(*range(201), write=write)

        assert all(isinstance(one, DatabaseError) for one in results[:200])
        assert results[200] == a_refusal(200)


class TestFeed:
    def test_a_database_that_was_away_hides_nothing(self, committed, monkeypatch):
        talk, fails = ConversationFactory(), [1, 1]
        post(customer_line(talk, "一"))
        look = feeds._look

        def away_at_first(cursors, for_staff):
            if fails:
                fails.pop()
                raise OperationalError("gone")
            return look(cursors, for_staff)

        monkeypatch.setattr(feeds, "PAUSE_AFTER_ERROR_SECONDS", 0.01)
        monkeypatch.setattr(feeds, "_look", away_at_first)

        async def go() -> list:
            feed, seen = LineFeed(for_staff=True), []
            follower = Follower(talk.pk, 0, seen.append)
            feed.follow(follower)
            async with asyncio.timeout(5):
                while not seen:
                    await asyncio.sleep(0.01)
            feed.leave(follower)
            feed._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feed._task
            return seen

        (changes,) = asyncio.run(go())
        assert [one["text"] for one in changes.lines] == ["一"]

    def test_who_left_is_asked_nothing(self, monkeypatch):
        def never(*_arguments):
            raise AssertionError("nobody looks at this any more")

        monkeypatch.setattr(feeds, "_look", never)

        async def go() -> None:
            feed = LineFeed(for_staff=False)
            follower = Follower(1, 0, never)
            feed.follow(follower)
            feed.leave(follower)
            await asyncio.sleep(0.05)
            feed._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feed._task

        asyncio.run(go())
