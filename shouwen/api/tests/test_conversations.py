"""Conversations over the API: what a key's person may see and do, and nothing else."""

import json
from uuid import uuid4

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.tests.factories import ConversationFactory, LineFactory, QueueFactory
from shouwen.core.models import HistoryEntry
from shouwen.customers.tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/conversations"
SERVING = [ConversationPermission.SERVE, ConversationPermission.RECORD]


@pytest.fixture
def agent():
    return StaffFactory(role="agent")


@pytest.fixture
def ask(client, agent, key_for):
    """Ask as the agent's program."""
    secret = key_for(agent)

    def send(method, path="", body=None, **headers):
        answer = client.generic(
            method,
            f"{URL}{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )
        return answer.status_code, json.loads(answer.content or b"null")

    return send


def open_for(agent, **fields):
    return ConversationFactory(handler=agent, **fields)


class TestReading:
    def test_lists_what_the_person_may_see_in_pages(self, ask, agent):
        mine = [open_for(agent) for _one in range(3)]
        ConversationFactory()

        status, first = ask("GET", "?size=2")
        _status, second = ask("GET", f"?size=2&after={first['next']}")

        assert status == 200
        ids = [one["id"] for one in first["items"] + second["items"]]
        assert ids == [one.pk for one in reversed(mine)]
        assert second["next"] == ""

    def test_filters(self, ask, agent):
        mine = open_for(agent, channel=Conversation.Channel.MAIL)
        open_for(agent)

        _status, found = ask("GET", f"?channel=mail&state=open&customer_id={mine.customer_id}")

        assert [one["id"] for one in found["items"]] == [mine.pk]

    def test_names_are_masked_as_on_the_pages(self, client, key_for):
        reader = StaffFactory(permissions=[ConversationPermission.SERVE])
        ConversationFactory(customer=CustomerFactory(name="周玉兰"), handler=reader)

        headers = {"Authorization": f"Bearer {key_for(reader)}"}
        found = client.get(URL, headers=headers).json()

        assert found["items"][0]["customer_name"] not in {"", "周玉兰"}

    def test_those_of_others_do_not_exist(self, ask):
        other = ConversationFactory(handler=StaffFactory(role="agent"))

        for method, path, body in (
            ("GET", f"/{other.pk}", None),
            ("GET", f"/{other.pk}/lines", None),
            ("POST", f"/{other.pk}/lines", {"client_id": str(uuid4()), "text": "x"}),
            ("POST", f"/{other.pk}/claim", {}),
            ("POST", f"/{other.pk}/transfer", {"queue_code": "x", "reason": "x"}),
            ("POST", f"/{other.pk}/return", {"reason": "x"}),
            (
                "POST",
                f"/{other.pk}/close",
                {"demand": "x", "points": [{"text": "x", "is_solved": True}]},
            ),
        ):
            assert ask(method, path, body)[0] == 404, path

    def test_a_list_asks_as_often_for_many_rows_as_for_few(
        self, ask, agent, django_assert_max_num_queries
    ):
        for _one in range(20):
            open_for(agent)

        with django_assert_max_num_queries(12):
            ask("GET")


class TestTalking:
    def test_an_answer_is_one_line_however_often_it_is_sent(self, ask, agent):
        conversation = open_for(agent)
        said = {"client_id": str(uuid4()), "text": "您好，马上为您查。"}

        first = ask("POST", f"/{conversation.pk}/lines", said)
        again = ask("POST", f"/{conversation.pk}/lines", said)

        assert first[0] == again[0] == 200
        assert first[1]["seq"] == again[1]["seq"]
        assert Line.objects.filter(conversation=conversation, kind="agent").count() == 1

    def test_lines_come_after_a_cursor(self, ask, agent):
        conversation = open_for(agent)
        ask("POST", f"/{conversation.pk}/lines", {"client_id": str(uuid4()), "text": "一"})

        _status, all_lines = ask("GET", f"/{conversation.pk}/lines")
        _status, rest = ask("GET", f"/{conversation.pk}/lines?after={all_lines['cursor']}")

        assert [line["text"] for line in all_lines["lines"]][-1] == "一"
        assert rest["lines"] == []

    @pytest.mark.parametrize("after", ["-1", "x", str(2**40)])
    def test_refuses_a_cursor_that_is_none(self, ask, agent, after):
        assert ask("GET", f"/{open_for(agent).pk}/lines?after={after}")[0] == 422

    @pytest.mark.parametrize("body", [{}, {"client_id": "1", "text": "x"}, {"text": "x"}])
    def test_refuses_what_is_no_line(self, ask, agent, body):
        assert ask("POST", f"/{open_for(agent).pk}/lines", body)[0] == 422

    def test_a_closed_one_refuses_with_words(self, ask, agent):
        conversation = open_for(agent, state="closed")

        status, said = ask(
            "POST", f"/{conversation.pk}/lines", {"client_id": str(uuid4()), "text": "x"}
        )

        assert (status, bool(said["error"])) == (409, True)


class TestServing:
    def test_claims_what_waits(self, ask, agent):
        waiting = ConversationFactory(queue=QueueFactory(members=[agent]))

        status, claimed = ask("POST", f"/{waiting.pk}/claim", {})

        assert status == 200
        assert (
            claimed["handler"] == claimed["first_responder"] == {"id": agent.pk, "name": agent.name}
        )

    def test_transfers_to_a_person_or_a_queue_and_keeps_the_first_responder(self, ask, agent):
        colleague = StaffFactory(role="agent", department=agent.department)
        one, two = open_for(agent), open_for(agent)
        queue = QueueFactory()

        agent_moved = ask(
            "POST", f"/{one.pk}/transfer", {"staff_id": colleague.pk, "reason": "专长"}
        )
        _status, queued = ask(
            "POST", f"/{two.pk}/transfer", {"queue_code": queue.code, "reason": "转组"}
        )

        assert agent_moved[0] in {200, 404}  # 404: a colleague beyond the person's reach
        assert queued["queue"] == queue.code
        assert queued["first_responder"]["id"] == agent.pk

    def test_gives_back_with_a_reason(self, ask, agent):
        conversation = open_for(agent)

        status, returned = ask("POST", f"/{conversation.pk}/return", {"reason": "交班"})

        assert (status, returned["handler"]) == (200, None)

    def test_sums_up_and_closes(self, ask, agent):
        conversation = open_for(agent)
        LineFactory(conversation=conversation, by=agent)
        summary = {"demand": "电梯停运", "points": [{"text": "何时修好", "is_solved": False}]}

        status, said = ask("POST", f"/{conversation.pk}/close", summary)
        assert (status, bool(said["error"])) == (409, True)
        status, closed = ask(
            "POST", f"/{conversation.pk}/close", summary | {"next_action": "明早回电"}
        )

        assert (status, closed["state"], closed["has_unsolved_points"]) == (200, "closed", True)


class TestWritingDown:
    def test_a_letter_gets_its_receipt_number_once(self, ask):
        QueueFactory(is_default=True)
        letter = {
            "channel": "letter",
            "words": "请处理楼道灯",
            "outcome": "answered",
            "name": "周玉兰",
            "phone": "13800007719",
        }

        first = ask("POST", "", letter, **{"Idempotency-Key": "letter-1"})
        again = ask("POST", "", letter, **{"Idempotency-Key": "letter-1"})

        assert first == again
        assert first[1]["receipt_number"].startswith("SW-")
        assert Conversation.objects.count() == 1

    def test_refuses_an_unknown_queue_and_channel(self, ask):
        contact = {"channel": "phone", "words": "x", "outcome": "answered", "phone": "13800007719"}

        assert ask("POST", "", contact | {"queue_code": "nothing"})[0] == 404
        assert ask("POST", "", contact | {"channel": "smoke"})[0] == 422
        assert not HistoryEntry.objects.filter(subject_kind="conversation").exists()
