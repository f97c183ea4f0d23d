"""The staff socket, against the whole application: what is out of reach stays unseen."""

import asyncio
import contextlib
import json
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from shouwen.accounts.events import SignedOut, StaffChanged
from shouwen.accounts.operations.staff import deactivate_staff
from shouwen.conversations.consumers import sessions, wire
from shouwen.conversations.consumers.staff import _topics
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.serving import (
    claim_conversation,
    transfer_to_queue,
)
from shouwen.conversations.tests.factories import (
    ConversationFactory,
    QueueFactory,
)
from shouwen.conversations.tests.make import (
    AT,
    agent_line,
    an_agent,
    customer_line,
    post,
    say,
)
from shouwen.conversations.tests.socket_driver import (
    STAFF,
    Closed,
    a_send,
    away,
    hello,
    is_ack,
    is_answer,
    is_lines,
    lines_in,
    signed_in,
    widget,
)
from shouwen.core.bus import publish
from shouwen.core.models import Heartbeat


@pytest.mark.django_db
def test_staff_hear_of_themselves_their_queues_and_the_departments_in_reach():
    home, lent = QueueFactory(), QueueFactory()
    agent = an_agent(home, lent, state=None)

    topics = set(_topics(agent))

    departments = {f"department:{one.department_id}" for one in (home, lent)}
    assert topics - {one for one in topics if one.startswith("board:")} == {
        f"staff:{agent.pk}",
        *departments,
    }


class TestStaff:
    @pytest.fixture
    def queue(self, committed):
        return QueueFactory()

    @pytest.fixture
    def agent(self, queue):
        return an_agent(queue, state=None)

    @pytest.fixture
    def talk(self, queue, agent):
        return ConversationFactory(queue=queue, handler=agent)

    async def code_of(self, connect, cookies) -> int:
        try:
            return await (await connect(STAFF, cookies=cookies)).closed()
        except Closed as closed:
            return closed.code

    async def follow(self, connect, staff_cookies, talk, after=0):
        desk = await connect(STAFF, cookies=staff_cookies)
        desk.send({"type": "follow", "conversation": talk.pk, "after": after})
        first = await desk.until(is_lines)
        return desk, first

    @pytest.mark.parametrize("cookies", [{}, {"shouwen": "x"}, {"shouwen": '"; drop'}])
    def test_without_a_session_there_is_no_socket(self, go, cookies):
        async def scenario(connect):
            assert await self.code_of(connect, cookies) == 4401

        go(scenario)

    def test_a_leavers_session_opens_nothing(self, go, agent):
        cookies = signed_in(agent)
        type(agent).objects.filter(pk=agent.pk).update(is_active=False)

        async def scenario(connect):
            assert await self.code_of(connect, cookies) == 4401

        go(scenario)

    def test_both_sides_see_each_line_once_with_notes_for_staff_only(self, go, visitor):
        say(visitor.pk, "在吗")
        conversation = Conversation.objects.get()
        agent = an_agent(conversation.queue, state=None)
        claim_conversation(conversation.pk, by=agent, at=AT)
        cookies = signed_in(agent)

        async def scenario(connect):
            desk, first = await self.follow(connect, cookies, conversation)
            socket = await connect(widget(visitor))
            socket.send(hello())
            shown = await socket.until(is_lines)
            for kind, text in (("note", "内部"), ("agent", "您好")):
                desk.send(a_send(text, conversation=conversation.pk, kind=kind))
            shown += await socket.until(is_answer)
            first += await desk.until(is_answer)
            assert [one["text"] for one in lines_in(first)][0::2] == ["在吗", "内部"]
            assert [one["seq"] for one in lines_in(first)] == [1, 2, 3, 4]
            assert [one["seq"] for one in lines_in(shown)] == [1, 2, 4]
            assert all(one["author"]["id"] is None for one in lines_in(shown))

        go(scenario)

    @pytest.mark.parametrize("what", ["follow", "send", "typing", "read"])
    def test_what_one_may_not_see_gives_nothing_and_takes_nothing(self, go, agent, what):
        other = ConversationFactory(handler=an_agent(QueueFactory(), state=None))
        post(customer_line(other, "秘密"))
        cookies = signed_in(agent)

        async def scenario(connect):
            desk = await connect(STAFF, cookies=cookies)
            desk.send(a_send("偷看", conversation=other.pk) | {"type": what, "seq": 1})
            desk.send(a_send("偷写", conversation=other.pk, kind="note"))
            desk.send({"type": "ping"})
            frames = await desk.until(lambda frame: frame["type"] == "pong")
            with contextlib.suppress(TimeoutError):
                frames.append(await desk.receive(0.3))
            assert "秘密" not in json.dumps(frames, ensure_ascii=False)
            assert not lines_in(frames)

        go(scenario)
        other.refresh_from_db()
        assert (other.last_seq, other.staff_read_seq) == (1, 0)

    def test_a_colleagues_newer_answer_is_shown_before_ones_own_goes_out(self, go, agent, talk):
        cookies = signed_in(agent)

        async def scenario(connect):
            desk, _first = await self.follow(connect, cookies, talk)
            leader = await away(an_agent, talk.queue, role="team_leader", state=None)
            await away(post, agent_line(talk, leader, "我来答"))
            await desk.until(lambda f: is_lines(f) and f["lines"])
            desk.send(a_send("我也答", conversation=talk.pk, seen=0))
            refused = (await desk.until(lambda frame: frame["type"] == "refused"))[-1]
            assert refused["code"] == "newer"
            desk.send(a_send("我也答", conversation=talk.pk, seen=1))
            await desk.until(is_ack)

        go(scenario)

    def test_a_socket_ends_with_its_session_and_others_of_the_person_stay(self, go, agent):
        ended, kept = signed_in(agent), signed_in(agent)

        def sign_out():
            import_module(django_settings.SESSION_ENGINE).SessionStore(
                ended[django_settings.SESSION_COOKIE_NAME]
            ).flush()
            with transaction.atomic():
                publish(SignedOut(staff_id=agent.pk, sign_in_ids=[], why="own", by_id=agent.pk))

        async def scenario(connect):
            first, second = await connect(STAFF, cookies=ended), await connect(STAFF, cookies=kept)
            await asyncio.sleep(0.1)
            await away(sign_out)
            assert await first.closed() == 4401
            second.send({"type": "ping"})
            await second.until(lambda frame: frame["type"] == "pong")

        go(scenario)

    @pytest.mark.parametrize("end", ["gone", "expired", "password"])
    def test_a_socket_ends_with_its_session_though_nobody_tells_of_it(
        self, go, agent, end, monkeypatch
    ):
        monkeypatch.setattr(sessions, "CHECK_SECONDS", 0.1)
        ended, kept = signed_in(agent), signed_in(an_agent(state=None))
        key = ended[django_settings.SESSION_COOKIE_NAME]

        def end_it() -> None:
            if end == "gone":
                Session.objects.get(pk=key).delete()
            elif end == "expired":
                Session.objects.filter(pk=key).update(expire_date=timezone.now())
            else:
                type(agent).objects.filter(pk=agent.pk).update(password="another")

        async def scenario(connect):
            first, second = await connect(STAFF, cookies=ended), await connect(STAFF, cookies=kept)
            await asyncio.sleep(0.1)
            await away(end_it)
            assert await first.closed() == 4401
            second.send({"type": "ping"})
            await second.until(lambda frame: frame["type"] == "pong")

        go(scenario)

    def test_sessions_are_looked_at_often_enough(self):
        assert sessions.CHECK_SECONDS + 1 <= 5

    def test_a_leavers_socket_closes(self, go, agent):
        cookies = signed_in(agent)

        async def scenario(connect):
            desk = await connect(STAFF, cookies=cookies)
            await asyncio.sleep(0.1)
            boss = await away(an_agent, role="administrator", state=None)
            await away(deactivate_staff, agent.pk, at=timezone.now(), by=boss)
            assert await desk.closed() == 4401

        go(scenario)

    def test_who_moves_to_another_department_loses_sight_at_once(self, go, agent, talk):
        cookies = signed_in(agent)

        def move() -> None:
            with transaction.atomic():
                publish(StaffChanged(staff_id=agent.pk, by_id=agent.pk, fields=["department"]))

        async def scenario(connect):
            desk, _first = await self.follow(connect, cookies, talk)
            await away(move)
            assert await desk.closed() == 1013

        go(scenario)

    def test_what_moves_out_of_reach_is_shown_no_more(self, go, agent, talk):
        bystander, elsewhere = an_agent(talk.queue, state=None), QueueFactory()
        cookies = signed_in(bystander)

        def transfer() -> None:
            transfer_to_queue(
                talk.pk, queue=elsewhere, reason="工程部", by=agent, at=timezone.now()
            )

        async def scenario(connect):
            desk, _first = await self.follow(connect, cookies, talk)
            await away(transfer)
            with contextlib.suppress(TimeoutError):
                while True:
                    await desk.receive(0.5)
            await away(post, customer_line(talk, "秘密"))
            with pytest.raises(TimeoutError):
                await desk.until(lambda f: is_lines(f) and f["lines"], 0.5)

        go(scenario)

    def test_an_open_browser_is_a_sign_of_life(self, go, agent):
        cookies = signed_in(agent)

        async def scenario(connect):
            await connect(STAFF, cookies=cookies)
            async with asyncio.timeout(5):
                while not await away(Heartbeat.objects.filter(name=f"staff:{agent.pk}").exists):
                    await asyncio.sleep(0.02)

        go(scenario)

    def test_rubbish_is_ignored(self, go, agent, talk):
        cookies = signed_in(agent)

        async def scenario(connect):
            desk = await connect(STAFF, cookies=cookies)
            for one in ("x", 7.5, None, [], {}, True, 10**30, -1):
                desk.send({"type": "follow", "conversation": one})
                desk.send({"type": "unfollow", "conversation": one})
            desk.send({"type": "nothing", "conversation": talk.pk})
            desk.send({"type": "ping"})
            await desk.until(lambda frame: frame["type"] == "pong")
            desk.send({"type": "follow", "conversation": talk.pk, "after": "x"})
            await desk.until(is_lines)
            desk.send({"type": "unfollow", "conversation": talk.pk})

        go(scenario)

    def test_the_newest_twenty_on_screen_are_followed(self, go, agent, queue):
        talks = [ConversationFactory(queue=queue, handler=agent) for _one in range(22)]
        cookies = signed_in(agent)

        async def scenario(connect):
            desk = await connect(STAFF, cookies=cookies)
            for one in talks:
                desk.send({"type": "follow", "conversation": one.pk})
            got = set()
            while talks[-1].pk not in got:
                got.add((await desk.until(is_lines))[-1]["conversation"])
            desk.send({"type": "ping"})
            await desk.until(lambda frame: frame["type"] == "pong")

        go(scenario)

    def test_who_takes_nothing_is_cut_off_and_resumes_where_he_was(
        self, go, agent, talk, monkeypatch
    ):
        monkeypatch.setattr(wire, "BACKLOG_LIMIT", 5)
        cookies = signed_in(agent)

        async def scenario(connect):
            desk, _first = await self.follow(connect, cookies, talk)
            desk.stall()
            for _ping in range(20):
                desk.send({"type": "ping"})
            await asyncio.sleep(0.1)
            await away(post, customer_line(talk, "迟到"))
            desk.resume()
            assert await desk.closed() == 1013
            _again, frames = await self.follow(connect, cookies, talk)
            assert [one["text"] for one in lines_in(frames)] == ["迟到"]

        go(scenario)
