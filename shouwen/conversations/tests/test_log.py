"""The contact log: kinds with their flow, questions, points marked, what the customer was told, the report."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import (
    ContactKind,
    Conversation,
    ReportSpan,
    SummaryPoint,
)
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.kinds import Question, save_contact_kind, save_report_span
from shouwen.conversations.operations.log import ask_customer, mark_point, tell_customer
from shouwen.conversations.operations.promises import promise_call_back
from shouwen.conversations.operations.tasks import finish_call_back
from shouwen.conversations.operations.voices import send_voice_reports
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up, solve_point
from shouwen.conversations.queries.log import questions_of
from shouwen.conversations.queries.voices import counted, day_span, span_on, voices
from shouwen.conversations.refusals import FeedbackMissing, NotTheHandler, SummaryIncomplete
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    agent_line,
    an_agent,
    customer_line,
    facts,
    post,
    sign_in,
)
from shouwen.core.clock import local_day
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.core.models import HistoryEntry
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import install_calendars, sweep_deadlines
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
Channel, Sort = Conversation.Channel, SummaryPoint.Sort


@pytest.fixture
def queue(db):
    install_calendars(by=system_staff())
    return QueueFactory()


@pytest.fixture
def talk(queue, agent):
    talk = ConversationFactory(queue=queue, handler=agent, opened_at=AT)
    post(customer_line(talk, "希望把地库的灯换亮一点"))
    talk.refresh_from_db()
    return talk


def summary(kind: str = "enquiry", **fields) -> Summary:
    is_solved = fields.pop("is_solved", True)
    points = (Point(text="地库照明", is_solved=is_solved),)
    next_action = "" if is_solved else "请工程部看"
    return Summary(kind=kind, demand="换灯", points=points, next_action=next_action, **fields)


def finish(talk, agent, given: Summary, at: datetime = AT):
    wrap_up = finish_wrap_up(talk.pk, summary=given, by=agent, at=at)
    talk.refresh_from_db()
    return wrap_up


def feedback_clock(talk) -> Deadline:
    return Deadline.objects.get(subject_kind="conversation", subject_id=talk.pk, kind="feedback")


class TestFlow:
    @pytest.mark.duty("D018")
    @pytest.mark.parametrize("kind", ["enquiry", "complaint"])
    def test_is_not_over_before_the_customer_has_an_answer(self, talk, agent, kind):
        with pytest.raises(FeedbackMissing):
            finish(talk, agent, summary(kind))
        talk.refresh_from_db()
        assert not talk.is_closed

    @pytest.mark.duty("D018")
    def test_an_answer_in_the_talk_is_the_feedback_with_way_and_time(self, talk, agent):
        said = AT + timedelta(minutes=3)
        post(agent_line(talk, agent, "明天就换"), at=said)
        finish(talk, agent, summary("complaint"))
        told = talk.feedback.get()
        assert (told.way, told.text, told.at, told.is_final) == ("chat", "明天就换", said, True)
        assert talk.is_closed

    @pytest.mark.duty("D018")
    def test_an_unsolved_point_keeps_the_flow_running_until_he_is_told(self, talk, agent):
        post(agent_line(talk, agent, "已转工程部"))
        wrap_up = finish(talk, agent, summary("complaint", is_solved=False))
        clock = feedback_clock(talk)
        assert clock.is_running
        assert clock.amount == 480

        solve_point(wrap_up.points.get().pk, solution="已换", by=agent, at=AT)
        at = AT + timedelta(hours=2)
        tell_customer(talk.pk, way="phone", text="灯已换好", is_final=True, by=agent, at=at)
        clock.refresh_from_db()
        assert clock.met_at == at
        assert facts(talk, "CustomerTold")

    def test_how_far_it_is_does_not_end_it(self, talk, agent):
        post(agent_line(talk, agent))
        finish(talk, agent, summary("complaint", is_solved=False))
        tell_customer(talk.pk, way="sms", text="配件在途", is_final=False, by=agent, at=AT)
        assert feedback_clock(talk).is_running

    def test_an_owed_call_is_enough_and_the_call_is_the_feedback(self, talk, agent):
        task = promise_call_back(talk.pk, due_at=AT + timedelta(hours=1), note="", by=agent, at=AT)
        finish(talk, agent, summary("complaint"))
        assert not talk.feedback.exists()

        finish_call_back(task.pk, result="已说明换灯时间", by=agent, at=AT + timedelta(hours=1))
        told = talk.feedback.get()
        assert (told.way, told.text, told.by) == ("phone", "已说明换灯时间", agent)

    def test_praise_needs_none(self, talk, agent):
        finish(talk, agent, summary("praise"))
        assert talk.is_closed

    def test_who_leads_learns_that_nobody_told_him(self, talk, agent, queue):
        leader = a_leader(queue)
        post(agent_line(talk, agent))
        finish(talk, agent, summary("complaint", is_solved=False))
        sweep_deadlines(at=feedback_clock(talk).due_at)
        run_waiting_jobs()
        told = Notice.objects.filter(kind="conversations.tell")
        assert set(told.values_list("staff", flat=True)) == {agent.pk, leader.pk}

    def test_refuses_words_that_say_nothing_and_strangers(self, talk, agent, queue):
        with pytest.raises(Refused):
            tell_customer(talk.pk, way="phone", text=" ", is_final=True, by=agent, at=AT)
        with pytest.raises(NotTheHandler):
            tell_customer(talk.pk, way="phone", text="好", is_final=True, by=an_agent(queue), at=AT)

    def test_refuses_a_kind_that_is_not_there(self, talk, agent):
        with pytest.raises(SummaryIncomplete):
            finish(talk, agent, summary("nonsense"))


class TestQuestions:
    @pytest.mark.duty("D598")
    def test_of_a_fault_call_the_details_are_asked_in_order(self, queue, agent):
        contact = Contact(
            channel=Channel.PHONE,
            words="打印机不工作",
            answer="请稍等",
            outcome="answered",
            name="周玉兰",
            kind="fault",
        )
        call = record_contact(contact, by=agent, at=AT, queue=queue)
        asked = questions_of(call.wrap_up)
        assert [one.question.position for one in asked] == list(range(1, len(asked) + 1))
        assert asked[0].question.text.startswith("什么设备")

        with pytest.raises(SummaryIncomplete, match="什么设备"):
            finish(call, agent, summary("fault"))
        answers = {one.question.pk: f"答{one.question.position}" for one in asked}
        first = asked[0].question.pk
        with pytest.raises(SummaryIncomplete, match="故障现象"):
            finish(call, agent, summary("fault", answers={first: "激光打印机"}))
        finish(call, agent, summary("fault", answers=answers))
        assert call.is_closed
        assert [one.answer for one in questions_of(call.wrap_up)][:2] == ["答1", "答2"]

    def test_answers_of_other_kinds_are_left_out_and_empty_ones_taken_back(self, talk, agent):
        fault = ContactKind.objects.get(code="fault").questions.first()
        wrap_up = ask_customer(talk.pk, kind="enquiry", answers={fault.pk: "x"}, by=agent)
        assert not wrap_up.answers.exists()
        ask_customer(talk.pk, kind="fault", answers={fault.pk: "x"}, by=agent)
        assert wrap_up.answers.get().text == "x"
        ask_customer(talk.pk, kind="fault", answers={fault.pk: " "}, by=agent)
        assert not wrap_up.answers.exists()
        assert facts(talk, "ContactAsked")

    def test_the_contact_form_asks_them(self, client, agent, queue):
        sign_in(client, agent)
        page = client.get(reverse("conversations:questions"), {"kind": "fault"}).content.decode()
        assert "故障现象" in page
        fault = ContactKind.objects.get(code="fault").questions.order_by("position").first()
        data = {
            "channel": "phone",
            "direction": "in",
            "name": "周玉兰",
            "queue": queue.pk,
            "words": "坏了",
        }
        data |= {"kind": "fault", "outcome": "answered", f"q-{fault.pk}": "激光打印机"}
        assert client.post(reverse("conversations:contact_new"), data).status_code == 302
        call = Conversation.objects.get()
        assert call.wrap_up.answers.get().text == "激光打印机"

    def test_a_kind_is_data(self, queue):
        boss = an_agent(queue, role="service_manager", state=None)
        kind = ContactKind(name="退货", needs_feedback=True)
        save_contact_kind(kind, questions=[Question(text="订单号")], by=boss)
        save_contact_kind(kind, questions=[Question(text="物流单号", is_required=False)], by=boss)
        assert list(kind.questions.filter(is_active=True).values_list("text", flat=True)) == [
            "物流单号"
        ]
        assert HistoryEntry.objects.filter(name="conversations.ContactLogSetUp").count() == 2
        with pytest.raises(Refused):
            save_contact_kind(ContactKind(name=" "), questions=[], by=boss)
        with pytest.raises(NotPermitted):
            save_contact_kind(kind, questions=[], by=an_agent(queue))

    def test_its_pages(self, client, queue):
        sign_in(client, an_agent(queue, role="service_manager", state=None))
        assert "故障" in client.get(reverse("conversations:kinds")).content.decode()
        url = reverse("conversations:kind_new")
        data = {
            "name": "退货",
            "position": 9,
            "feedback_minutes": 60,
            "questions": "订单号\n备注 ?",
            "is_active": "on",
        }
        assert client.post(url, data).status_code == 302
        made = ContactKind.objects.get(name="退货")
        assert list(made.questions.values_list("text", "is_required")) == [
            ("订单号", True),
            ("备注", False),
        ]
        assert client.get(reverse("conversations:kind_edit", args=[made.pk])).status_code == 200
        url = reverse("conversations:span_new")
        data = {"name": "早班", "begins": "06:00", "stops": "14:00", "is_active": "on"}
        assert client.post(url, data).status_code == 302
        assert ReportSpan.objects.get(name="早班").hours == "06:00-14:00"
        assert client.post(url, data | {"stops": "06:00"}).status_code == 422


class TestMarked:
    @pytest.mark.duty("D019")
    def test_by_one_key_while_talking_and_kept_in_the_summary(self, client, talk, agent):
        sign_in(client, agent)
        url = reverse("conversations:mark", args=[talk.pk])
        page = client.post(url, {"sort": "need"}).content.decode()
        assert "希望把地库的灯换亮一点" in page
        assert 'data-shortcut="1"' in page
        point = talk.wrap_up.points.get()
        assert (point.sort, point.line.text) == ("need", "希望把地库的灯换亮一点")

        post(agent_line(talk, agent))
        points = (Point(text=point.text, is_solved=True, sort="need"),)
        finish(talk, agent, Summary(kind="enquiry", demand="换灯", points=points))
        assert talk.wrap_up.points.get().line == point.line
        assert client.post(url, {"sort": "nonsense"}).status_code == 422

    def test_selected_words_and_marked_again(self, talk, agent):
        mark_point(talk.pk, sort="opinion", words="灯太暗", by=agent, at=AT)
        point = mark_point(talk.pk, sort="suggestion", words="灯太暗", by=agent, at=AT)
        assert (talk.wrap_up.points.count(), point.sort) == (1, "suggestion")
        assert facts(talk, "PointMarked")

    def test_before_he_said_anything(self, queue, agent):
        empty = ConversationFactory(queue=queue, handler=agent)
        with pytest.raises(Refused):
            mark_point(empty.pk, sort="need", words="", by=agent, at=AT)


class TestReport:
    @pytest.fixture
    def heard(self, talk, agent):
        for sort, words in (
            (Sort.NEED, "要发票"),
            (Sort.COMPLAINT, "保安态度差"),
            (Sort.COMPLAINT, "噪音"),
        ):
            mark_point(talk.pk, sort=sort, words=words, by=agent, at=AT)
        return talk

    @pytest.mark.duty("D019", "D297")
    def test_is_collated_by_shift_and_sent_to_who_leads_once(self, heard, queue, agent):
        leader = a_leader(queue)
        day = ReportSpan.objects.get(name="白班")
        ends = span_on(day, local_day(AT)).end
        assert ends == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        assert send_voice_reports(at=ends - timedelta(minutes=1), by=system_staff()) == 0
        assert send_voice_reports(at=ends + timedelta(minutes=4), by=system_staff()) == 1
        assert send_voice_reports(at=ends + timedelta(minutes=9), by=system_staff()) == 0
        notice = Notice.objects.get(kind="conversations.voices")
        assert notice.staff == leader
        assert "投诉 2" in notice.text
        assert not Notice.objects.filter(staff=agent).exists()

    def test_a_shift_in_which_nothing_was_heard_sends_nothing(self, queue):
        a_leader(queue)
        ends = span_on(ReportSpan.objects.get(name="白班"), local_day(AT)).end
        assert send_voice_reports(at=ends, by=system_staff()) == 0

    def test_a_night_shift_lasts_until_morning(self, queue):
        night = span_on(ReportSpan.objects.get(name="晚班"), local_day(AT))
        assert night.end - night.start == timedelta(hours=15)
        boss = an_agent(queue, role="service_manager", state=None)
        with pytest.raises(Refused):
            save_report_span(ReportSpan(name="空", starts=60, ends=60), by=boss)

    @pytest.mark.duty("D019", "D297")
    def test_its_counts_are_those_of_its_rows(self, client, heard, queue):
        leader = a_leader(queue)
        span = day_span(local_day(AT))
        counts = {one.sort: one.count for one in counted(voices(leader, span))}
        assert counts == {"need": 1, "opinion": 0, "complaint": 2, "suggestion": 0}
        assert voices(leader, span, sort="complaint").count() == 2

        sign_in(client, leader)
        asked = {"day": local_day(AT).isoformat(), "sort": "complaint"}
        page = client.get(reverse("conversations:voices"), asked).content.decode()
        assert "保安态度差" in page
        assert "要发票" not in page
        assert "data-print" in page

    def test_the_table_holds_no_formula(self, client, heard, agent, queue):
        mark_point(heard.pk, sort=Sort.NEED, words="=1+1", by=agent, at=AT)
        sign_in(client, a_leader(queue))
        asked = {"day": local_day(AT).isoformat()}
        table = client.get(reverse("conversations:voices_export"), asked).content.decode()
        assert "'=1+1" in table
        assert table.count("\n") == 4

    def test_only_what_one_may_read(self, heard):
        elsewhere = a_leader(QueueFactory())
        assert not voices(elsewhere, day_span(local_day(AT))).exists()


def test_a_leader_sees_the_log_beside_the_talk(client, talk, agent):
    sign_in(client, agent)
    side = client.get(reverse("conversations:side", args=[talk.pk])).content.decode()
    assert 'id="ws-log"' in side
    log = client.get(reverse("conversations:log", args=[talk.pk])).content.decode()
    assert "data-mark" in log
    url = reverse("conversations:ask", args=[talk.pk])
    assert "故障现象" in client.post(url, {"kind": "fault"}).content.decode()
    assert client.post(url, {"kind": "nonsense"}).status_code == 422
    url = reverse("conversations:tell", args=[talk.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "在途", "way": "phone", "is_final": "no"}).status_code == 204
    assert history_of("conversation", talk.pk).filter(name="conversations.CustomerTold").exists()
