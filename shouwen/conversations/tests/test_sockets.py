"""The sockets, against the whole ASGI application: nobody misses, doubles or overhears anything."""

import asyncio
import contextlib
import json
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.events import SignedOut, StaffChanged
from shouwen.accounts.operations.staff import deactivate_staff
from shouwen.conversations.consumers import wire
from shouwen.conversations.consumers.staff import _topics
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.lines import post_lines, recall_line
from shouwen.conversations.operations.serving import (
    claim_conversation,
    close_conversation,
    transfer_to_queue,
)
from shouwen.conversations.queries.lines import changes_of
from shouwen.conversations.tests.factories import (
    ConversationFactory,
    QueueFactory,
    VisitorFactory,
)
from shouwen.conversations.tests.make import (
    AT,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
    say,
)
from shouwen.conversations.tests.socket_driver import HOST, Closed, WebSocket, lines_in
from shouwen.core.bus import publish
from shouwen.core.live import hub
from shouwen.core.models import Heartbeat

STAFF = "/ws/staff"


@pytest.fixture(scope="session")
def loop_runner(django_db_setup, django_db_blocker):
    """One event loop for all sockets, as in a process, with its listener running."""
    with asyncio.Runner() as runner:

        async def start() -> None:
            hub.ensure_listening()
            await asyncio.sleep(0.3)

        with django_db_blocker.unblock():
            runner.run(start())
        yield runner
        runner.run(hub.stop())


@pytest.fixture
def go(committed, loop_runner):
    """Runs a scenario; every socket it opened is closed afterwards."""

    def run(scenario) -> None:
        async def whole() -> None:
            opened: list[WebSocket] = []

            async def connect(path, **more) -> WebSocket:
                socket = WebSocket(path, **more)
                await socket.open()
                opened.append(socket)
                return socket

            try:
                await asyncio.wait_for(scenario(connect), 25)
            finally:
                for one in opened:
                    await one.leave()

        loop_runner.run(whole())

    return run


async def away(function, *arguments, **more):
    """Database work from elsewhere: another process as far as the sockets know."""

    def work():
        try:
            return function(*arguments, **more)
        finally:
            connection.close()

    return await asyncio.to_thread(work)


@pytest.fixture
def visitor(committed):
    return VisitorFactory(token="the-token")


def widget(visitor) -> str:
    return f"/ws/widget/{visitor.site.key}"


def hello(after=0, token="the-token"):
    return {"type": "hello", "token": token, "after": after}


def a_send(text="在吗", client_id=None, **more):
    return {"type": "send", "client_id": str(client_id or uuid4()), "text": text, **more}


def signed_in(staff) -> dict[str, str]:
    session = import_module(django_settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.create()
    return {django_settings.SESSION_COOKIE_NAME: session.session_key}


def is_ack(frame):
    return frame["type"] == "ack"


def is_answer(frame):
    return is_lines(frame) and any(one["text"] == "您好" for one in frame["lines"])


def is_lines(frame):
    return frame["type"] == "lines"


EVIL = [
    "http://evil.example",
    "null",
    None,
    "",
    f"http://{HOST}.evil.example",
    f"http://evil-{HOST}",
    f"http://evil.example/{HOST}",
    f"http://{HOST}:8080",
    f"http://{HOST}@evil.example",
    f"http://user:pw@{HOST}",
    f"file://{HOST}",
    f"//{HOST}",
]


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


class TestOrigin:
    @pytest.mark.parametrize("path", [STAFF, "/ws/widget/0123456789abcdef"])
    @pytest.mark.parametrize("origin", EVIL)
    def test_a_page_of_others_opens_no_socket(self, go, path, origin):
        async def scenario(connect):
            with pytest.raises(Closed):
                await connect(path, origin=origin)

        go(scenario)

    def test_behind_https_a_page_without_it_opens_none(self, go, settings):
        settings.PUBLIC_URL, settings.IS_HTTPS = f"https://{HOST}", True

        async def scenario(connect):
            with pytest.raises(Closed):
                await connect(STAFF, origin=f"http://{HOST}")

        go(scenario)

    @pytest.mark.parametrize("path", ["/", "/ws/", "/ws/staff/x", "/ws/widget/", "/ws/widget/A B"])
    def test_elsewhere_there_is_no_socket(self, go, path):
        async def scenario(connect):
            with pytest.raises(Closed):
                await connect(path)

        go(scenario)

    def test_our_own_page_does(self, go, visitor, settings):
        settings.PUBLIC_URL = "https://kf.example"

        async def scenario(connect):
            for origin in (f"http://{HOST}", "https://kf.example"):
                socket = await connect(widget(visitor), origin=origin)
                socket.send(hello())
                assert (await socket.receive())["type"] == "lines"

        go(scenario)


class TestHello:
    @pytest.mark.parametrize(
        "first",
        [hello(token="other"), hello(token=""), {"type": "hello"}, a_send(), {"type": "ping"}],
    )
    def test_an_unknown_token_is_4401(self, go, visitor, first):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(first)
            assert await socket.closed() == 4401

        go(scenario)

    def test_an_unknown_site_is_closed(self, go, visitor):
        async def scenario(connect):
            socket = await connect("/ws/widget/0123456789abcdef")
            socket.send(hello())
            assert await socket.closed() in {4401, 4404}

        go(scenario)

    def test_who_says_nothing_is_let_go(self, go, visitor, monkeypatch):
        monkeypatch.setattr("shouwen.conversations.consumers.visitor.HELLO_WITHIN_SECONDS", 0.05)

        async def scenario(connect):
            assert await (await connect(widget(visitor))).closed() == 4401

        go(scenario)

    def test_before_the_first_word_there_is_nothing(self, go, visitor):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            assert await socket.receive() == {
                "type": "lines",
                "lines": [],
                "cursor": 0,
                "state": None,
            }

        go(scenario)


class TestResume:
    def talk(self, visitor) -> Conversation:
        """Lines, notes, a claim and a recall: eleven changes or so."""
        say(visitor.pk, "第一句")
        conversation = Conversation.objects.get()
        agent = an_agent(conversation.queue, state=None)
        claim_conversation(conversation.pk, by=agent, at=AT)
        post(agent_line(conversation, agent, "您好"), a_note(conversation, agent, "内部"))
        wrong = post(agent_line(conversation, agent, "错话"))[0].kept()
        for text in ("第二句", "第三句"):
            say(visitor.pk, text)
        recall_line(wrong.pk, by=agent, at=AT)
        post(a_note(conversation, agent, "又一条"))
        conversation.refresh_from_db()
        return conversation

    def test_at_every_cut_the_socket_gives_exactly_what_was_missed_and_polling_the_same(
        self, go, visitor
    ):
        conversation = self.talk(visitor)
        last = conversation.last_rev
        expected, polled = {}, {}
        for after in range(last + 1):
            changes = changes_of(conversation, after=after, for_staff=False, at=AT)
            expected[after] = [(one["seq"], one["rev"], one["text"]) for one in changes.lines]
            answer = Client().get(
                reverse("conversations:visitor_lines", args=[visitor.site.key]),
                {"after": after},
                headers={"authorization": "Bearer the-token"},
            )
            polled[after] = answer.json()

        async def scenario(connect):
            for after in range(last + 1):
                socket = await connect(widget(visitor))
                socket.send(hello(after))
                frame = await socket.receive()
                assert [(o["seq"], o["rev"], o["text"]) for o in frame["lines"]] == expected[after]
                assert frame["cursor"] == last
                assert frame["lines"] == polled[after]["lines"]
                assert (frame["cursor"], frame["state"]) == (
                    polled[after]["cursor"],
                    polled[after]["state"],
                )
                await socket.leave()

        go(scenario)
        assert "内部" not in json.dumps(expected, ensure_ascii=False)
        assert any(text == "" for _seq, _rev, text in expected[0])

    def test_a_cursor_of_an_earlier_talk_starts_from_the_beginning(self, go, visitor):
        say(visitor.pk, "新的")

        async def scenario(connect):
            for after in (999, -1, "x", None, 2**40):
                socket = await connect(widget(visitor))
                socket.send(hello(after))
                assert [one["text"] for one in (await socket.receive())["lines"]] == ["新的"]
                await socket.leave()

        go(scenario)

    def test_a_link_that_breaks_all_the_time_loses_and_doubles_nothing(self, go, visitor):
        say(visitor.pk, "0")
        conversation = Conversation.objects.get()
        total = 41

        def talk_on() -> None:
            for number in range(1, total):
                post_lines([customer_line(conversation, str(number))], at=timezone.now())

        async def scenario(connect):
            talking = asyncio.create_task(away(talk_on))
            seen, cursor = [], 0
            while cursor < total:
                socket = await connect(widget(visitor))
                socket.send(hello(cursor))
                for _frame in range(2):
                    with contextlib.suppress(TimeoutError):
                        frame = await socket.receive(0.3)
                        seen += [one["seq"] for one in frame["lines"]]
                        cursor = frame["cursor"]
                await socket.leave()
            await talking
            assert seen == list(range(1, total + 1))

        go(scenario)

    def test_more_than_a_page_arrives_whole(self, go, visitor):
        say(visitor.pk, "0")
        conversation = Conversation.objects.get()
        post(*[customer_line(conversation, str(number)) for number in range(1, 450)])

        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            frames = await socket.until(lambda frame: frame.get("cursor") == 450)
            assert [one["seq"] for one in lines_in(frames)] == list(range(1, 451))

        go(scenario)


class TestVisitorSends:
    def test_the_ack_comes_after_the_commit_and_the_line_on_screen_once(self, go, visitor):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            await socket.receive()
            one = a_send("电梯坏了")
            socket.send(one)
            frames = await socket.until(is_ack)
            line = await away(Line.objects.get, client_id=one["client_id"])
            assert (frames[-1]["seq"], frames[-1]["rev"]) == (line.seq, line.rev)
            if not lines_in(frames):
                frames += await socket.until(lambda f: is_lines(f) and f["lines"])
            assert [o["client_id"] for o in lines_in(frames)] == [one["client_id"]]

        go(scenario)

    def test_the_same_id_again_is_acknowledged_alike_and_never_a_second_line(self, go, visitor):
        async def scenario(connect):
            first, second = await connect(widget(visitor)), await connect(widget(visitor))
            one, acks = a_send(), []
            for socket in (first, second, first):
                socket.send(hello()) if not acks or socket is second else None
                socket.send(one)
                acks.append((await socket.until(is_ack))[-1])
            assert {(ack["seq"], ack["rev"]) for ack in acks} == {(1, 1)}

        go(scenario)
        assert Line.objects.count() == 1

    def test_quick_lines_keep_their_order(self, go, visitor):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            for number in range(20):
                socket.send(a_send(str(number)))
            for _number in range(20):
                await socket.until(is_ack)

        go(scenario)
        texts = Line.objects.order_by("seq").values_list("text", flat=True)
        assert list(texts) == [str(number) for number in range(20)]

    @pytest.mark.parametrize(
        "bad",
        [
            a_send(""),
            a_send("字" * 4001),
            {"type": "send", "client_id": "no id", "text": "x"},
            {"type": "send", "text": "x"},
            a_send("x", files=["forged"]),
        ],
    )
    def test_what_is_refused_is_said_in_words(self, go, visitor, bad):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            socket.send(bad)
            refused = (await socket.until(lambda frame: frame["type"] == "refused"))[-1]
            assert refused["message"]
            assert refused["client_id"] == bad.get("client_id", "")
            socket.send(a_send("还在"))
            await socket.until(is_ack)

        go(scenario)

    def test_rubbish_is_ignored_and_the_talk_goes_on(self, go, visitor):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            for text in ("", "{", "[]", "null", "7", '"x"', "{}", '{"type":7}', '{"type":"x"}'):
                socket.send_text(text)
            socket.send_bytes(b"\xff\xfe")
            socket.send_text('{"type":"read","seq":"x"}')
            socket.send_text('{"type":"read","seq":1e999}')
            socket.send_text("[" * 100_000)
            socket.send(a_send("a\x00b\ud800"))
            await socket.until(is_ack)
            socket.send({"type": "ping"})
            await socket.until(lambda frame: frame["type"] == "pong")

        go(scenario)
        assert Line.objects.get().text == "ab"

    def test_one_that_cannot_be_kept_stops_nobody(self, go, visitor):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            sent = [a_send("一"), a_send("a\x00b"), a_send("二")]
            for one in sent:
                socket.send(one)
            for _one in sent:
                await socket.until(is_ack)

        go(scenario)
        assert Line.objects.count() == 3

    def test_reading_and_typing_reach_the_other_side(self, go, visitor):
        say(visitor.pk)
        conversation = Conversation.objects.get()
        agent = an_agent(conversation.queue, state=None)
        claim_conversation(conversation.pk, by=agent, at=AT)
        post(agent_line(conversation, agent))
        cookies = signed_in(agent)

        async def scenario(connect):
            desk = await connect(STAFF, cookies=cookies)
            desk.send({"type": "follow", "conversation": conversation.pk, "after": 0})
            await desk.until(is_lines)
            socket = await connect(widget(visitor))
            socket.send(hello())
            await socket.until(is_lines)
            socket.send({"type": "typing"})
            typing = (await desk.until(lambda frame: frame["type"] == "typing"))[-1]
            assert typing["conversation"] == conversation.pk
            desk.send({"type": "typing", "conversation": conversation.pk})
            who = (await socket.until(lambda frame: frame["type"] == "typing"))[-1]["who"]
            assert who == agent.public_name
            socket.send({"type": "read", "seq": 3})
            await desk.until(lambda frame: is_lines(frame) and frame["state"]["read_seq"] == 3)

        go(scenario)

    def test_after_the_end_the_next_word_opens_a_new_talk_on_the_same_socket(self, go, visitor):
        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            socket.send(a_send("一"))
            await socket.until(is_ack)
            first = await away(Conversation.objects.get)
            system = await away(an_agent, role="administrator", state=None)
            await away(close_conversation, first.pk, by=system, at=timezone.now())
            await socket.until(
                lambda f: is_lines(f) and (f["state"] or {}).get("status") == "closed"
            )
            socket.send(a_send("二"))
            frames = await socket.until(is_ack)
            if not any(one["text"] == "二" for one in lines_in(frames)):
                frames += await socket.until(lambda f: is_lines(f) and f["lines"])
            assert [one["text"] for one in lines_in(frames)] == ["二"]

        go(scenario)

    def test_when_the_database_is_away_it_says_come_again(self, go, visitor, monkeypatch):
        say(visitor.pk)

        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            await socket.until(is_lines)

            def gone(news):
                raise OperationalError("gone")

            monkeypatch.setattr("shouwen.conversations.consumers.intake.write_group", gone)
            socket.send(a_send())
            assert await socket.closed() == 1013

        go(scenario)


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


class TestState:
    def test_waiting_visitors_see_themselves_move_up(self, go, visitor):
        agent = an_agent(visitor.site.queue, state=None)
        ahead = ConversationFactory(queue=visitor.site.queue, opened_at=AT - timedelta(hours=1))
        say(visitor.pk)

        async def scenario(connect):
            socket = await connect(widget(visitor))
            socket.send(hello())
            first = (await socket.until(is_lines))[-1]
            assert (first["state"]["status"], first["state"]["position"]) == ("queued", 2)
            await away(claim_conversation, ahead.pk, by=agent, at=timezone.now())
            await socket.until(lambda f: is_lines(f) and f["state"]["position"] == 1)

        go(scenario)
