"""Promises of an answer: started, kept, warned of, missed; calls and letters that answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from shouwen.conversations.models import Conversation, Line, ReplyTime
from shouwen.conversations.operations.clocks import save_reply_times
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.phone import Call, answer_by_phone
from shouwen.conversations.operations.routing import settle_new_chat
from shouwen.conversations.operations.serving import close_conversation
from shouwen.conversations.queries.clocks import replies_due
from shouwen.conversations.refusals import NotTheHandler
from shouwen.conversations.tests.factories import QueueFactory
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    a_note,
    a_talk,
    agent_line,
    an_agent,
    ask,
    customer_line,
    facts,
    post,
    sign_in,
)
from shouwen.core.clock import acting_at
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.jobs import run_waiting_jobs
from shouwen.core.models import HistoryEntry
from shouwen.customers.tests.factories import ContactPointFactory
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import sweep_deadlines
from shouwen.mailroom.models import Outbound
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
Channel, State = Conversation.Channel, Conversation.State
FRIDAY_EVENING = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # half past five less thirty in Shanghai


@pytest.fixture
def queue(calendar):
    return QueueFactory(calendar=calendar)


def due_of(talk: Conversation) -> Deadline:
    return Deadline.objects.get(subject_kind="conversation", subject_id=talk.pk, kind="reply")


class TestReplyClock:
    @pytest.mark.duty("D109")
    def test_a_mail_is_answered_within_four_working_hours(self, queue):
        with acting_at(FRIDAY_EVENING):
            talk = ask(a_talk(queue), at=FRIDAY_EVENING)

        # Half an hour on Friday, the rest from Monday half past eight.
        assert talk.reply_due_at == datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
        assert due_of(talk).started_at == FRIDAY_EVENING

    @pytest.mark.duty("D164")
    def test_a_platform_message_is_answered_within_ten_minutes(self, queue):
        talk = ask(a_talk(queue, Channel.PLATFORM))
        assert talk.reply_due_at == AT + timedelta(minutes=10)

    def test_the_answer_keeps_the_promise(self, queue, agent):
        talk = ask(a_talk(queue, handler=agent))
        with acting_at(AT + timedelta(minutes=5)):
            post(agent_line(talk, agent), at=AT + timedelta(minutes=5))

        talk.refresh_from_db()
        assert talk.reply_due_at is None
        assert due_of(talk).was_kept

    def test_a_note_does_not(self, queue, agent):
        talk = ask(a_talk(queue, handler=agent))
        post(a_note(talk, agent))
        talk.refresh_from_db()
        assert talk.reply_due_at is not None

    def test_a_second_question_buys_no_time(self, queue):
        talk = ask(a_talk(queue))
        first = talk.reply_due_at
        assert ask(talk, at=AT + timedelta(hours=1)).reply_due_at == first

    def test_a_chat_under_way_has_none(self, queue, agent):
        talk = ask(a_talk(queue, Channel.CHAT, handler=agent))
        post(agent_line(talk, agent))
        talk.refresh_from_db()
        assert talk.reply_due_at is None
        assert not Deadline.objects.exists()

    def test_a_message_left_has_one_until_it_is_answered(self, agent, calendar):
        calendar.week = [[]] * 7
        calendar.save()
        queue = QueueFactory(calendar=calendar, owner=agent)
        talk = a_talk(queue, Channel.CHAT)
        settle_new_chat(talk.pk, at=AT)
        ask(talk)
        # The desk never opens: the promise then runs around the clock, and nothing is lost.
        assert talk.state == State.MESSAGE
        assert talk.reply_due_at is not None

        post(agent_line(talk, agent))
        talk.refresh_from_db()
        assert talk.reply_due_at is None
        assert due_of(talk).met_at

    def test_what_a_machine_wrote_waits_for_nobody(self, queue):
        talk = a_talk(queue)
        post(customer_line(talk, meta={"automatic": "absence"}))
        talk.refresh_from_db()
        assert talk.reply_due_at is None

    def test_a_closed_one_is_waited_for_no_more(self, queue, agent):
        talk = ask(a_talk(queue, handler=agent))
        close_conversation(talk.pk, by=agent, at=AT)
        talk.refresh_from_db()
        assert talk.reply_due_at is None
        assert due_of(talk).cancelled_at

    @pytest.mark.parametrize(
        ("channel", "outcome", "runs"),
        [
            (Channel.LETTER, "", True),
            (Channel.SMS, "", True),
            (Channel.SMS, "answered", False),
            (Channel.SMS, "call_back", False),
            (Channel.PHONE, "", False),
            (Channel.WALK_IN, "", False),
        ],
    )
    def test_of_what_is_written_down_only_the_unanswered_written(
        self, queue, agent, channel, outcome, runs
    ):
        contact = Contact(channel=channel, words="电梯坏了", outcome=outcome, name="周玉兰")
        talk = record_contact(contact, by=agent, at=AT, queue=queue)
        talk.refresh_from_db()
        assert (talk.reply_due_at is not None) is runs
        assert (talk.waiting_since is not None) is runs


class TestWarned:
    @pytest.fixture
    def talk(self, queue, agent):
        return ask(a_talk(queue, Channel.PLATFORM, handler=agent))

    @pytest.mark.duty("D164")
    def test_the_handler_before_it_falls_due(self, talk, agent, queue):
        leader = a_leader(queue)
        sweep_deadlines(at=AT + timedelta(minutes=8))
        run_waiting_jobs()
        assert list(Notice.objects.values_list("staff", flat=True)) == [agent.pk]
        assert not Notice.objects.filter(staff=leader).exists()

    @pytest.mark.duty("D164", "D665")
    def test_first_responder_handler_and_leader_once_it_is_missed(self, queue, agent):
        leader, other = a_leader(queue), an_agent(queue)
        talk = ask(a_talk(queue, Channel.PLATFORM, handler=other, first_responder=agent))
        sweep_deadlines(at=AT + timedelta(minutes=11))
        run_waiting_jobs()
        told = set(
            Notice.objects.filter(kind="conversations.reply_missed").values_list("staff", flat=True)
        )
        assert told == {agent.pk, other.pk, leader.pk}
        assert talk.number in Notice.objects.filter(staff=leader).get().text

    def test_nobody_has_it_then_who_leads(self, queue):
        leader = a_leader(queue)
        ask(a_talk(queue, Channel.PLATFORM))
        sweep_deadlines(at=AT + timedelta(minutes=8))
        run_waiting_jobs()
        assert list(Notice.objects.values_list("staff", flat=True)) == [leader.pk]

    def test_the_list_is_sorted_by_what_falls_due(self, queue, agent, talk):
        mail = ask(a_talk(queue, handler=agent))
        fault = QueueFactory(is_fault_intake=True, members=[agent])
        letter_ = ask(a_talk(fault, Channel.LETTER, handler=agent))
        rows = replies_due(agent).order_by("reply_due_at")
        assert list(rows) == [talk, letter_, mail]

    def test_what_is_overdue_counts_as_slow_and_a_mail_in_time_does_not(self, queue, agent, talk):
        at = AT + timedelta(minutes=9)
        assert not Conversation.objects.slow(at).exists()
        assert list(Conversation.objects.slow(AT + timedelta(minutes=10))) == [talk]

    def test_on_the_page(self, client, talk, agent):
        sign_in(client, agent)
        page = client.get(reverse("conversations:rows"), {"tab": "due"}).content.decode()
        assert f'id="row-{talk.pk}"' in page
        assert "data-due" in page


class TestReplyTimes:
    def test_a_fault_intake_answers_within_half_an_hour(self, calendar):
        fault = QueueFactory(is_fault_intake=True, calendar=calendar)
        assert ask(a_talk(fault)).reply_due_at == AT + timedelta(minutes=30)

    def test_what_a_queue_sets_holds_there_only(self, queue, calendar):
        boss = an_agent(queue, role="service_manager", state=None)
        save_reply_times({(queue.pk, "mail"): 60, (None, "sms"): 20}, by=boss)
        assert ask(a_talk(queue)).reply_due_at == AT + timedelta(minutes=60)
        assert ask(a_talk(queue, Channel.SMS)).reply_due_at == AT + timedelta(minutes=20)
        other = QueueFactory(calendar=calendar)
        assert ask(a_talk(other, Channel.SMS)).reply_due_at == AT + timedelta(minutes=20)
        save_reply_times({(queue.pk, "mail"): None}, by=boss)
        assert not ReplyTime.objects.filter(queue=queue).exists()
        assert HistoryEntry.objects.filter(name="conversations.ReplyTimesChanged").count() == 2

    def test_agents_may_not(self, agent):
        with pytest.raises(NotPermitted):
            save_reply_times({(None, "mail"): 1}, by=agent)

    def test_the_page_saves_and_refuses_nonsense(self, client, queue):
        sign_in(client, an_agent(queue, role="service_manager", state=None))
        url = reverse("conversations:reply_times")
        assert client.get(url).status_code == 200
        assert client.post(url, {f"{queue.pk}-mail": "45"}).status_code == 302
        assert ReplyTime.objects.get().minutes == 45
        assert client.post(url, {f"{queue.pk}-mail": "0"}).status_code == 422


class TestPhoneAnswer:
    @pytest.fixture
    def talk(self, queue, agent):
        return ask(a_talk(queue, Channel.PLATFORM, handler=agent))

    def call(self, **fields) -> Call:
        return Call(**{"is_reached": True, "answer": "已道歉，明天换新", **fields})

    @pytest.mark.duty("D164")
    def test_counts_as_the_answer_and_is_a_contact_of_its_own(self, talk, agent):
        at = AT + timedelta(minutes=6)
        made = answer_by_phone(talk.pk, call=self.call(), by=agent, at=at)

        talk.refresh_from_db()
        assert (talk.reply_due_at, talk.waiting_since) == (None, None)
        assert talk.first_answered_at == at
        assert due_of(talk).was_kept
        assert (made.channel, made.direction, made.continues) == (Channel.PHONE, "out", talk)
        assert made.outcome == Conversation.Outcome.ANSWERED
        note = talk.lines.get(kind=Line.Kind.NOTE)
        assert "已道歉" in note.text
        assert facts(talk, "AnsweredByPhone")

    def test_no_mail_goes_out(self, queue, agent, mailbox):
        talk = ask(a_talk(queue, mailbox=mailbox, handler=agent))
        answer_by_phone(talk.pk, call=self.call(), by=agent, at=AT)
        run_waiting_jobs()
        assert not Outbound.objects.exists()

    def test_not_reached_a_call_back_is_owed(self, talk, agent):
        answer_by_phone(talk.pk, call=self.call(is_reached=False), by=agent, at=AT)
        talk.refresh_from_db()
        assert talk.call_backs.get().owner == agent
        assert talk.first_answered_at is None

    def test_who_takes_it_that_way_has_it(self, queue, agent):
        talk = ask(a_talk(queue, Channel.PLATFORM))
        answer_by_phone(talk.pk, call=self.call(), by=agent, at=AT)
        talk.refresh_from_db()
        assert (talk.handler, talk.first_responder) == (agent, agent)

    def test_refuses_others_and_empty_words(self, talk, queue, agent):
        with pytest.raises(NotTheHandler):
            answer_by_phone(talk.pk, call=self.call(), by=an_agent(queue), at=AT)
        with pytest.raises(Refused):
            answer_by_phone(talk.pk, call=self.call(answer=" "), by=agent, at=AT)

    def test_the_dialog_shows_the_number_masked(self, client, talk, agent):
        ContactPointFactory(customer=talk.customer, kind="phone", value="+8613916681234")
        sign_in(client, agent)
        url = reverse("conversations:phone_answer", args=[talk.pk])
        page = client.get(url).content.decode()
        assert "1234" in page
        assert "13916681234" not in page
        assert client.post(url, {"is_reached": "yes", "answer": "好"}).status_code == 204
        assert talk.continued_by.count() == 1
