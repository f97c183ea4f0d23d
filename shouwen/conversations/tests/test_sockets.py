"""The sockets, against the whole ASGI application: nobody misses, doubles or overhears anything."""

import asyncio
import contextlib
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.lines import post_lines, recall_line
from shouwen.conversations.operations.serving import (
    claim_conversation,
)
from shouwen.conversations.queries.lines import changes_of
from shouwen.conversations.tests.make import (
    AT,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
    say,
)
from shouwen.conversations.tests.socket_driver import (
    HOST,
    STAFF,
    Closed,
    a_send,
    away,
    hello,
    lines_in,
    widget,
)

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
