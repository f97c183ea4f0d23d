"""Lines handed over as they were written: to whoever stands right before them, and to nobody else."""

import asyncio
import contextlib
from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.cache import cache

from shouwen.conversations.consumers import feed as feeds
from shouwen.conversations.consumers.feed import Follower, LineFeed
from shouwen.conversations.models import Conversation, Line, Visitor
from shouwen.conversations.operations.talk import Said, Writer, next_visitor_line, post_said
from shouwen.conversations.queries.lines import changes_of
from shouwen.conversations.queries.written import changes_written, written_together
from shouwen.conversations.refusals import LineRefused, VisitorBlocked
from shouwen.conversations.tests.factories import ConversationFactory, VisitorFactory
from shouwen.conversations.tests.make import (
    AT,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
    say,
)


@pytest.fixture
def agent(queue):
    return an_agent(queue, state=None)


def written(*news):
    (one,) = written_together(posted.kept() for posted in post(*news))
    return one


class TestChanges:
    @pytest.mark.parametrize("for_staff", [True, False])
    def test_are_what_a_fetch_would_give(self, talk, agent, for_staff):
        post(customer_line(talk, "一"))
        seen = changes_of(fresh(talk), after=0, for_staff=for_staff, at=AT)

        new = written(agent_line(talk, agent, "二"), a_note(talk, agent), customer_line(talk, "三"))

        handed = changes_written(new, seen, for_staff=for_staff)
        fetched = changes_of(fresh(talk), after=seen.cursor, for_staff=for_staff, at=AT)
        assert handed == fetched
        assert new.before_rev == seen.cursor

    def test_files_and_places_in_the_queue_and_new_handlers_are_fetched(self, talk, agent):
        seen = changes_of(fresh(talk), after=0, for_staff=True, at=AT)
        new = written(customer_line(talk, "一"))
        assert changes_written(new, seen, for_staff=True)

        new.lines[0].has_files = True
        assert changes_written(new, seen, for_staff=True) is None
        new.lines[0].has_files = False
        new.conversation.handler = an_agent(talk.queue, state=None)
        assert changes_written(new, seen, for_staff=True) is None
        waiting = ConversationFactory()
        seen = changes_of(waiting, after=0, for_staff=False, at=AT)
        new = written(customer_line(waiting))
        assert changes_written(new, seen, for_staff=False) is None


def fresh(talk) -> Conversation:
    return Conversation.objects.get(pk=talk.pk)


class TestFeed:
    def run(self, scenario) -> None:
        async def go() -> None:
            feed = LineFeed(for_staff=True)
            try:
                await scenario(feed)
            finally:
                if feed._task:
                    feed._task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await feed._task

        asyncio.run(go())

    async def shown(self, seen, count) -> list[int]:
        async with asyncio.timeout(5):
            while sum(len(changes.lines) for changes in seen) < count:
                await asyncio.sleep(0.01)
        return [line["seq"] for changes in seen for line in changes.lines]

    def test_who_stands_right_before_gets_them_without_a_read(self, committed, monkeypatch):
        talk = ConversationFactory()
        post(customer_line(talk))

        async def scenario(feed):
            seen = []
            feed.follow(Follower(talk.pk, 0, seen.append))
            await self.shown(seen, 1)
            new = await asyncio.to_thread(closing(written), customer_line(talk, "二"))
            monkeypatch.setattr(feeds, "_look", no_read)
            feed.hand_over([new])
            feed.hand_over([new])
            assert await self.shown(seen, 2) == [1, 2]
            assert not feed._stale

        self.run(scenario)

    def test_who_stands_at_a_gap_fetches(self, committed):
        talk = ConversationFactory()
        post(customer_line(talk))

        async def scenario(feed):
            seen = []
            feed.follow(Follower(talk.pk, 0, seen.append))
            await self.shown(seen, 1)
            for _elsewhere in range(2):
                await asyncio.to_thread(closing(written), customer_line(talk))
            new = await asyncio.to_thread(closing(written), customer_line(talk))
            feed.hand_over([new])
            assert await self.shown(seen, 4) == [1, 2, 3, 4]

        self.run(scenario)


def closing(function):
    def work(*arguments):
        from django.db import connection

        try:
            return function(*arguments)
        finally:
            connection.close()

    return work


def no_read(*_arguments):
    raise AssertionError("nothing needs to be read")


class TestVisitorAtAnOpenSocket:
    @pytest.fixture
    def visitor(self, db):
        return VisitorFactory()

    def line(self, visitor, **more):
        here = Conversation.objects.get(visitor=visitor)
        said = Said(client_id=uuid4(), text="还在吗")
        return replace(next_visitor_line(Writer(visitor.pk, "访客"), here.pk, said), **more)

    def test_is_refused_from_the_moment_he_is_blocked(self, visitor):
        say(visitor.pk)
        assert post_said([self.line(visitor)], at=AT)[0].line
        Visitor.objects.update(is_blocked=True)

        assert isinstance(post_said([self.line(visitor)], at=AT)[0].refusal, VisitorBlocked)

    def test_keeps_the_pace_and_repeats_do_not_count(self, visitor, settings):
        cache.clear()
        settings.VISITOR_LINES_A_MINUTE = 4
        say(visitor.pk)
        first = self.line(visitor)
        for _time in range(6):
            assert post_said([first], at=AT)[0].line
        for _time in range(2):
            assert post_said([self.line(visitor)], at=AT)[0].line

        refused = post_said([self.line(visitor), customer_line(ConversationFactory())], at=AT)

        assert isinstance(refused[0].refusal, LineRefused)
        assert refused[1].line
        assert Line.objects.filter(conversation__visitor=visitor).count() == 4
