"""Moves from the page: dialogs, refusals with 422, what is redrawn."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import CallBack, Conversation, HarassmentMark, WrapUp
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    LineFactory,
    QueueFactory,
)
from shouwen.conversations.tests.make import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    staff = StaffFactory(role="agent", department=DepartmentFactory())
    sign_in(client, staff)
    return staff


@pytest.fixture
def queue(agent):
    return QueueFactory(department=agent.department, members=[agent])


@pytest.fixture
def mine(agent, queue):
    return ConversationFactory(queue=queue, handler=agent)


def summary(points=(("电梯停运", True),), **fields):
    data = {
        "kind": "repair",
        "demand": "3栋电梯停运",
        "points-TOTAL_FORMS": len(points),
        "points-INITIAL_FORMS": 0,
        "points-MIN_NUM_FORMS": 1,
        "points-MAX_NUM_FORMS": 20,
        **fields,
    }
    for place, (text, is_solved) in enumerate(points):
        data[f"points-{place}-text"] = text
        if is_solved:
            data[f"points-{place}-is_solved"] = "on"
    return data


class TestClaim:
    def test_takes_it_and_redraws_the_head(self, client, agent, queue):
        one = ConversationFactory(queue=queue)

        answer = client.post(f"/workspace/{one.pk}/claim")

        one.refresh_from_db()
        assert one.handler == agent
        assert one.first_responder == agent
        assert 'id="ws-head"' in answer.content.decode()
        assert "workspace:changed" in answer["HX-Trigger"]

    def test_the_second_is_told_who_was_quicker(self, client, agent, queue):
        one = ConversationFactory(queue=queue, handler=StaffFactory(name="李敏"))

        answer = client.post(f"/workspace/{one.pk}/claim")

        assert answer.status_code == 422
        assert "sw-alert" in answer.content.decode()
        one.refresh_from_db()
        assert one.handler.name == "李敏"


class TestTransfer:
    def test_offers_groups_and_colleagues_with_presence_and_load(self, client, agent, mine):
        colleague = StaffFactory(role="agent", name="赵晓雯", reception_limit=6)

        html = client.get(f"/workspace/{mine.pk}/transfer").content.decode()

        assert "data-dialog-arrives" in html
        assert f'value="staff:{colleague.pk}"' in html
        assert "0/6" in html
        assert f'value="queue:{mine.queue_id}"' in html
        assert f'value="staff:{agent.pk}"' not in html

    @pytest.mark.duty("D270", "D437")
    def test_first_responder_stays_on_the_page_after_it(self, client, agent, mine):
        colleague = StaffFactory(role="agent", department=agent.department)

        answer = client.post(
            f"/workspace/{mine.pk}/transfer", {"to": f"staff:{colleague.pk}", "reason": "懂电梯"}
        )

        assert answer.status_code == 204
        assert "dialog:close" in answer["HX-Trigger"]
        mine.refresh_from_db()
        assert (mine.handler, mine.first_responder) == (colleague, agent)
        sign_in(client, colleague)
        assert agent.name in client.get(f"/workspace/{mine.pk}").content.decode()

    def test_asks_for_a_reason_and_keeps_who_was_chosen(self, client, agent, mine):
        colleague = StaffFactory(role="agent")

        answer = client.post(f"/workspace/{mine.pk}/transfer", {"to": f"staff:{colleague.pk}"})

        html = answer.content.decode()
        assert answer.status_code == 422
        assert html.lstrip().startswith("<form")
        assert f'value="staff:{colleague.pk}" checked' in html
        mine.refresh_from_db()
        assert mine.handler == agent

    def test_goes_to_a_group(self, client, mine):
        other = QueueFactory()

        client.post(f"/workspace/{mine.pk}/transfer", {"to": f"queue:{other.pk}", "reason": "售后"})

        mine.refresh_from_db()
        assert mine.queue == other
        assert mine.state == Conversation.State.QUEUED


class TestSupervisor:
    def test_takes_over_with_a_reason(self, client, agent, mine):
        leader = StaffFactory(role="team_leader", department=agent.department)
        sign_in(client, leader)

        without = client.post(f"/workspace/{mine.pk}/take-over", {"reason": " "})
        answer = client.post(f"/workspace/{mine.pk}/take-over", {"reason": "客户升级"})

        mine.refresh_from_db()
        assert without.status_code == 422
        assert answer.status_code == 204
        assert mine.handler == leader
        assert mine.first_responder == agent

    def test_agents_take_over_nothing_and_end_nothing_unsummed(self, client, mine):
        assert client.post(f"/workspace/{mine.pk}/take-over").status_code == 403
        assert client.post(f"/workspace/{mine.pk}/close").status_code == 403

    def test_ends_one_that_nobody_answered_and_a_call_is_owed(self, client, agent, mine):
        sign_in(client, StaffFactory(role="team_leader", department=agent.department))

        client.post(f"/workspace/{mine.pk}/close")

        mine.refresh_from_db()
        assert mine.outcome == Conversation.Outcome.MISSED
        assert CallBack.objects.filter(conversation=mine, done_at=None).exists()

    def test_returns_it_to_the_queue(self, client, mine):
        answer = client.post(f"/workspace/{mine.pk}/return", {"reason": "要去现场"})

        mine.refresh_from_db()
        assert answer.status_code == 204
        assert mine.handler is None
        assert mine.state == Conversation.State.QUEUED


class TestSummary:
    @pytest.mark.duty("D143", "D157")
    def test_points_are_marked_and_the_unsolved_carried_on(self, client, agent, mine):
        LineFactory(conversation=mine, by=agent, text="您好")
        points = (("电梯停运", False), ("物业费发票", True))

        answer = client.post(
            f"/workspace/{mine.pk}/summary", summary(points, next_action="明早现场检修")
        )

        mine.refresh_from_db()
        assert answer.status_code == 204
        assert mine.is_closed
        html = client.get("/workspace/rows", {"tab": "unsolved"}).content.decode()
        assert "电梯停运" in html
        assert "物业费发票" not in html

    @pytest.mark.duty("D143", "D149")
    @pytest.mark.parametrize(
        "data",
        [
            summary(demand=""),
            summary(points=(("", False),)),
            summary(points=(("电梯停运", False),)),
        ],
        ids=["no demand", "no point", "unsolved without a next action"],
    )
    def test_what_is_missing_is_named_and_nothing_is_lost(self, client, mine, data):
        answer = client.post(f"/workspace/{mine.pk}/summary", data)

        html = answer.content.decode()
        assert answer.status_code == 422
        assert "sw-alert" in html
        assert all(str(data[name]) in html for name in ("demand", "points-0-text"))
        mine.refresh_from_db()
        assert not mine.is_closed

    @pytest.mark.duty("D149")
    def test_a_draft_is_kept_and_reminded_of(self, client, mine):
        kept = client.post(f"/workspace/{mine.pk}/summary/draft", summary(demand="写了一半"))

        assert kept.status_code == 200
        assert WrapUp.objects.get(conversation=mine).is_draft
        assert "写了一半" in client.get(f"/workspace/{mine.pk}/side").content.decode()
        assert "写了一半" in client.get(f"/workspace/{mine.pk}/summary").content.decode()

    def test_a_late_draft_does_not_undo_a_finished_summary(self, client, agent, mine):
        LineFactory(conversation=mine, by=agent)
        client.post(f"/workspace/{mine.pk}/summary", summary())

        late = client.post(f"/workspace/{mine.pk}/summary/draft", summary(demand="旧的"))

        assert late.status_code == 204
        assert not WrapUp.objects.get(conversation=mine).is_draft

    @pytest.mark.duty("D295")
    def test_the_motive_of_a_visit_is_kept(self, client, agent, mine):
        LineFactory(conversation=mine, by=agent)
        client.post(f"/workspace/{mine.pk}/summary", summary(motive="咨询月卡", place="前台"))

        kept = WrapUp.objects.get(conversation=mine)
        assert (kept.motive, kept.place) == ("咨询月卡", "前台")

    def test_is_not_for_strangers_to_the_talk(self, client, agent, queue):
        other = ConversationFactory(queue=queue, handler=StaffFactory())

        answer = client.post(f"/workspace/{other.pk}/summary", summary())

        assert answer.status_code == 422


class TestTasks:
    @pytest.mark.duty("D154")
    def test_a_call_back_ends_with_how_it_went(self, client, agent, queue):
        owed = CallBackFactory(conversation=ConversationFactory(queue=queue), owner=agent)

        empty = client.post(f"/workspace/call-backs/{owed.pk}/finish", {"result": ""})
        answer = client.post(f"/workspace/call-backs/{owed.pk}/finish", {"result": "已接通"})

        owed.refresh_from_db()
        assert (empty.status_code, answer.status_code) == (422, 204)
        assert owed.done_by == agent

    @pytest.mark.duty("D157")
    def test_a_carried_point_leaves_the_list_when_solved(self, client, agent, mine):
        LineFactory(conversation=mine, by=agent)
        points = (("电梯停运", False),)
        client.post(f"/workspace/{mine.pk}/summary", summary(points, next_action="检修"))
        point = WrapUp.objects.get(conversation=mine).points.get()

        answer = client.post(f"/workspace/points/{point.pk}/solve", {"solution": "已修好"})

        assert answer.status_code == 204
        html = client.get("/workspace/rows", {"tab": "unsolved"}).content.decode()
        assert "电梯停运" not in html

    @pytest.mark.duty("D359")
    def test_a_promised_time_is_kept_on_the_list(self, client, agent, mine):
        soon = timezone.localtime(timezone.now() + timedelta(hours=2))
        data = {"due_at": soon.strftime("%Y-%m-%dT%H:%M"), "note": "先看前两次记录"}

        past = client.post(f"/workspace/{mine.pk}/promise", {"due_at": "2020-01-01T10:00"})
        answer = client.post(f"/workspace/{mine.pk}/promise", data)

        owed = CallBack.objects.get(conversation=mine)
        assert (past.status_code, answer.status_code) == (422, 204)
        assert owed.owner == agent
        assert abs(owed.due_at - soon) < timedelta(minutes=1)
        assert "先看前两次记录" in client.get(f"/workspace/{mine.pk}/side").content.decode()

    @pytest.mark.duty("D539", "D540")
    def test_a_caller_is_marked_listed_and_let_off(self, client, mine):
        data = {"reason": "反复辱骂", "handling": "两次提醒后结束"}

        answer = client.post(f"/workspace/{mine.pk}/harassing", data)

        assert answer.status_code == 204
        mark = HarassmentMark.objects.get(customer=mine.customer)
        assert "两次提醒后结束" in client.get("/workspace/harassment/").content.decode()
        client.post(f"/workspace/harassment/{mark.pk}/lift")
        assert "反复辱骂" not in client.get("/workspace/harassment/").content.decode()


class TestContacts:
    def contact(self, queue, **fields):
        return {
            "channel": "phone",
            "direction": "in",
            "name": "王先生",
            "phone": "13812342046",
            "queue": queue.pk,
            "words": "询问装修备案",
            "outcome": "answered",
            **fields,
        }

    @pytest.mark.duty("D025", "D038", "D083", "D339", "D428", "D449")
    @pytest.mark.parametrize("channel", ["phone", "walk_in", "sms", "platform", "web_post"])
    def test_every_way_is_written_down_with_question_and_answer(
        self, client, agent, queue, channel
    ):
        data = self.contact(queue, channel=channel, platform="qq", account="qq-1", answer="需备案")

        answer = client.post("/workspace/contacts/new", data)

        kept = Conversation.objects.get(channel=channel)
        assert answer["Location"] == f"/workspace/{kept.pk}"
        assert kept.first_responder == agent
        texts = list(kept.lines.order_by("seq").values_list("text", flat=True))
        assert "询问装修备案" in texts
        assert "需备案" in texts

    @pytest.mark.duty("D132")
    def test_a_letter_is_given_a_receipt_number_and_its_scan_is_kept(self, client, agent, queue):
        scan = SimpleUploadedFile("来函.txt", "关于电梯".encode())
        data = self.contact(queue, channel="letter", attachments=scan)

        answer = client.post("/workspace/contacts/new", data)

        assert answer.status_code == 302, answer.context["form"].errors
        kept = Conversation.objects.get(channel="letter")
        assert kept.receipt_number.startswith("SW-")
        assert kept.lines.filter(has_files=True).exists()
        assert kept.receipt_number in client.get(f"/workspace/{kept.pk}").content.decode()

    @pytest.mark.duty("D154")
    def test_a_missed_call_is_owed_a_call_back(self, client, agent, queue):
        client.post("/workspace/contacts/new", self.contact(queue, outcome="missed"))

        assert CallBack.objects.filter(owner=agent, done_at=None).count() == 1

    @pytest.mark.duty("D149", "D200")
    @pytest.mark.parametrize("missing", [{"words": " "}, {"name": "", "phone": ""}])
    def test_nothing_is_kept_without_words_or_without_knowing_who(
        self, client, agent, queue, missing
    ):
        answer = client.post("/workspace/contacts/new", self.contact(queue, **missing))

        assert answer.status_code == 422
        assert not Conversation.objects.exists()

    def test_is_for_those_who_may_record(self, client):
        sign_in(client, StaffFactory(permissions=["conversations.serve"]))

        assert client.get("/workspace/contacts/new").status_code == 403


def test_lines_are_said_over_http(client, agent, mine):
    data = {"client_id": str(uuid.uuid4()), "text": "您好", "kind": "agent"}

    answer = client.post(
        f"/workspace/conversations/{mine.pk}/lines", data, content_type="application/json"
    )

    assert answer.json()["line"]["text"] == "您好"
