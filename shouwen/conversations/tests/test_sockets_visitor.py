"""What a visitor sends over the socket is kept once, acknowledged after the commit, and never stops."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.serving import (
    claim_conversation,
    close_conversation,
)
from shouwen.conversations.tests.factories import (
    ConversationFactory,
)
from shouwen.conversations.tests.make import (
    AT,
    agent_line,
    an_agent,
    post,
    say,
)
from shouwen.conversations.tests.socket_driver import (
    STAFF,
    a_send,
    away,
    hello,
    is_ack,
    is_lines,
    lines_in,
    signed_in,
    widget,
)


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
