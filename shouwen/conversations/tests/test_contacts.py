"""Contacts written down, calls owed, summaries, warnings, queues: what a contact leaves behind."""

from datetime import timedelta

import pytest

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import CallBack, Conversation, Queue, SummaryPoint
from shouwen.conversations.operations.contacts import WRITTEN_DOWN, Contact, record_contact
from shouwen.conversations.operations.promises import promise_call_back
from shouwen.conversations.operations.serving import transfer_to_staff
from shouwen.conversations.operations.setup import (
    ensure_default_queue,
    save_queue,
    save_widget_site,
)
from shouwen.conversations.operations.tasks import (
    finish_call_back,
    lift_harassment,
    mark_harassing,
    owe_call_back,
)
from shouwen.conversations.operations.wrapups import (
    Point,
    Summary,
    finish_wrap_up,
    save_wrap_up_draft,
    solve_point,
)
from shouwen.conversations.queries.contacts import meeting_of, wrap_up_of
from shouwen.conversations.queries.conversations import (
    call_backs_owed,
    comes_many_times,
    contact_counts,
    harassment_of,
    standing_harassment_marks,
    unsolved_points,
)
from shouwen.conversations.queries.visitors import active_site, default_queue
from shouwen.conversations.refusals import NotTheHandler, SummaryIncomplete
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    QueueFactory,
    WidgetSiteFactory,
)
from shouwen.conversations.tests.make import AT, a_leader, agent_line, an_agent, facts, post
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.files import store_file
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.tests.factories import ContactPointFactory, CustomerFactory
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
Outcome = Conversation.Outcome
DAY = timedelta(days=1)


class TestRecord:
    def record(self, agent, queue, **given):
        values = {"channel": "phone", "words": "电梯坏了", "outcome": "answered", "name": "周玉兰"}
        return record_contact(Contact(**values | given), by=agent, at=AT, queue=queue)

    @pytest.mark.duty("D025", "D132", "D272", "D428", "D449")
    @pytest.mark.parametrize("channel", sorted(WRITTEN_DOWN))
    def test_every_channel_stands_in_the_one_queue_with_its_writer(self, agent, queue, channel):
        contact = self.record(agent, queue, channel=channel)

        contact.refresh_from_db()
        assert (contact.channel, contact.queue, contact.state) == (channel, queue, "open")
        assert contact.first_responder == contact.handler == agent
        assert contact.lines.get(kind="visitor").text == "电梯坏了"
        assert (contact.outcome, contact.waiting_since) == (Outcome.ANSWERED, None)
        assert contact.first_answered_at == AT

    @pytest.mark.duty("D132")
    def test_a_letter_has_a_receipt_number_and_nothing_else_has(self, agent, queue):
        assert self.record(agent, queue, channel="letter").receipt_number == "SW-202611-0001"
        assert self.record(agent, queue, channel="letter").receipt_number == "SW-202611-0002"
        assert self.record(agent, queue).receipt_number == ""

    def test_words_answer_and_files_are_lines(self, agent, queue):
        stored = store_file("信.txt", b"x")

        contact = self.record(
            agent,
            queue,
            channel="letter",
            answer="已转工程部",
            file_ids=(stored.pk,),
            direction="out",
        )

        words, answer = contact.lines.exclude(kind="system").order_by("seq")
        assert list(words.files.all()) == [stored]
        assert (answer.kind, answer.author) == ("agent", agent)
        assert contact.direction == "out"

    @pytest.mark.duty("D154")
    @pytest.mark.parametrize(
        ("outcome", "reason"), [("missed", "missed"), ("call_back", "promised")]
    )
    def test_what_is_not_answered_is_called_back(self, agent, queue, outcome, reason):
        due = AT + timedelta(hours=2)

        contact = self.record(agent, queue, outcome=outcome, phone="13800138000", call_back_at=due)

        task = CallBack.objects.get()
        assert (task.conversation, task.reason, task.owner, task.due_at) == (
            contact,
            reason,
            agent,
            due,
        )

    def test_a_known_number_finds_the_customer(self, agent, queue):
        known = ContactPointFactory(value="13800138000").customer

        assert self.record(agent, queue, phone="138-0013-8000", name="").customer == known

    def test_an_account_on_a_platform_is_a_way_to_know_him(self, agent, queue):
        first = self.record(agent, queue, channel="platform", platform="taobao", account="zhou88")
        again = self.record(
            agent, queue, channel="platform", platform="taobao", account="zhou88", name=""
        )

        assert first.customer == again.customer

    @pytest.mark.parametrize(
        "given",
        [{"words": "  "}, {"channel": "chat"}, {"channel": "mail"}, {"name": " "}],
    )
    @pytest.mark.duty("D149", "D200")
    def test_refuses_what_lacks_key_data(self, agent, queue, given):
        with pytest.raises(Refused):
            self.record(agent, queue, **given)

        assert not Conversation.objects.exists()

    def test_refuses_whoever_may_not(self, queue):
        with pytest.raises(NotPermitted):
            self.record(StaffFactory(), queue)


class TestCallBacks:
    @pytest.mark.duty("D154")
    def test_are_owed_once_for_a_reason_and_their_owner_is_told(self, agent, queue):
        conversation = ConversationFactory(queue=queue)

        one = owe_call_back(conversation, reason="missed", owner=agent, at=AT)
        again = owe_call_back(conversation, reason="missed", owner=None, at=AT)

        assert one == again
        assert one.due_at == AT + timedelta(minutes=30)
        run_waiting_jobs()
        assert Notice.objects.get().staff == agent

    def test_nobodys_call_tells_nobody(self, queue):
        owe_call_back(ConversationFactory(queue=queue), reason="missed", owner=None, at=AT)
        run_waiting_jobs()

        assert not Notice.objects.exists()

    def test_are_done_once_with_a_word_on_how(self, agent):
        task = CallBackFactory()

        with pytest.raises(Refused):
            finish_call_back(task.pk, result="  ", by=agent, at=AT)
        finish_call_back(task.pk, result="已说明", by=agent, at=AT)
        with pytest.raises(Refused):
            finish_call_back(task.pk, result="又一次", by=agent, at=AT)

        task.refresh_from_db()
        assert (task.done_at, task.done_by, task.result) == (AT, agent, "已说明")
        assert facts(task.conversation) == ["CallBackDone", "CustomerTold"]
        assert owe_call_back(task.conversation, reason="missed", owner=agent, at=AT) != task

    @pytest.mark.duty("D359")
    def test_a_promise_names_a_time_to_come_and_is_moved_not_doubled(self, agent, queue):
        conversation = ConversationFactory(queue=queue, handler=agent)

        with pytest.raises(Refused):
            promise_call_back(conversation.pk, due_at=AT, note="", by=agent, at=AT)
        promise_call_back(conversation.pk, due_at=AT + DAY, note="下午", by=agent, at=AT)
        promise_call_back(conversation.pk, due_at=AT + 2 * DAY, note=" 后天 ", by=agent, at=AT)

        task = CallBack.objects.get()
        assert (task.due_at, task.note, task.reason) == (AT + 2 * DAY, "后天", "promised")

    def test_the_list_shows_ones_own_and_those_of_nobody(self, agent, queue):
        mine = CallBackFactory(owner=agent)
        nobodys = CallBackFactory(owner=None, conversation__queue=queue)
        CallBackFactory(owner=None)
        others = CallBackFactory(conversation__queue=queue)

        assert set(call_backs_owed(agent)) == {mine, nobodys}
        assert set(call_backs_owed(a_leader(queue))) == {nobodys, others}


class TestHarassment:
    @pytest.mark.duty("D539", "D540")
    def test_is_shared_with_the_team_and_its_rule(self, agent, queue):
        colleague, conversation = an_agent(queue), ConversationFactory(queue=queue, handler=agent)

        mark_harassing(conversation.pk, reason="辱骂", handling="只文字回复", by=agent)
        run_waiting_jobs()

        conversation.refresh_from_db()
        assert conversation.is_harassing
        mark = harassment_of(conversation.customer_id)
        assert (mark.reason, mark.handling) == ("辱骂", "只文字回复")
        assert list(standing_harassment_marks()) == [mark]
        told = Notice.objects.get()
        assert told.staff == colleague
        assert "辱骂" in told.text
        assert "只文字回复" in told.text

    def test_stands_once_until_it_is_lifted(self, agent, queue):
        conversation = ConversationFactory(queue=queue, handler=agent)
        with pytest.raises(Refused):
            mark_harassing(conversation.pk, reason=" ", handling="", by=agent)
        mark = mark_harassing(conversation.pk, reason="一", handling="", by=agent)
        assert mark_harassing(conversation.pk, reason="二", handling="", by=agent) == mark

        lift_harassment(mark.pk, by=agent, at=AT)
        lift_harassment(mark.pk, by=agent, at=AT + DAY)

        mark.refresh_from_db()
        assert (mark.lifted_at, mark.lifted_by) == (AT, agent)
        assert harassment_of(conversation.customer_id) is None


def a_summary(*points, **more):
    values = {
        "kind": "repair",
        "demand": "修电梯",
        "points": points or (Point(text="电梯", is_solved=True),),
    }
    return Summary(**values | more)


UNSOLVED = Point(text="退物业费", is_solved=False)


class TestWrapUp:
    @pytest.fixture
    def talk(self, agent, queue):
        talk = ConversationFactory(queue=queue, handler=agent)
        post(agent_line(talk, agent, "马上处理"))
        return talk

    @pytest.mark.duty("D143", "D149", "D200")
    @pytest.mark.parametrize(
        "summary",
        [
            a_summary(demand="  "),
            a_summary(points=()),
            a_summary(UNSOLVED),
            a_summary(*[UNSOLVED] * 21, next_action="x"),
            a_summary(Point(text="  ", is_solved=True)),
        ],
        ids=["demand", "points", "next action", "too many", "blank point"],
    )
    def test_is_refused_without_key_data_and_the_talk_goes_on(self, talk, agent, summary):
        with pytest.raises(SummaryIncomplete):
            finish_wrap_up(talk.pk, summary=summary, by=agent, at=AT)

        talk.refresh_from_db()
        assert not talk.is_closed
        assert wrap_up_of(talk) is None

    @pytest.mark.duty("D149")
    def test_a_draft_demands_nothing_and_ends_nothing(self, talk, agent):
        draft = save_wrap_up_draft(talk.pk, summary=a_summary(UNSOLVED, demand=""), by=agent, at=AT)

        talk.refresh_from_db()
        assert (draft.is_draft, draft.finished_at, talk.is_closed) == (True, None, False)
        assert not unsolved_points(agent).exists()

    @pytest.mark.duty("D143", "D157", "D200")
    def test_each_point_is_solved_or_carried_to_the_next_days_list(self, talk, agent):
        summary = a_summary(
            Point(text="电梯", is_solved=True),
            UNSOLVED,
            next_action="问财务",
            place="3栋",
            motive="报修",
        )
        save_wrap_up_draft(talk.pk, summary=a_summary(), by=agent, at=AT)

        finish_wrap_up(talk.pk, summary=summary, by=agent, at=AT)

        talk.refresh_from_db()
        assert talk.is_closed
        assert talk.has_unsolved_points
        assert [one.text for one in unsolved_points(agent)] == ["退物业费"]
        wrap_up = wrap_up_of(talk)
        assert (wrap_up.place, wrap_up.motive, wrap_up.points.count()) == ("3栋", "报修", 2)

    @pytest.mark.duty("D157", "D270")
    def test_a_carried_point_stays_with_the_first_responder_until_solved(self, talk, agent, queue):
        second = an_agent(queue)
        transfer_to_staff(talk.pk, to=second, reason="x", by=agent, at=AT)
        finish_wrap_up(talk.pk, summary=a_summary(UNSOLVED, next_action="x"), by=second, at=AT)
        point = SummaryPoint.objects.get()
        assert list(unsolved_points(agent)) == [point]
        assert list(unsolved_points(a_leader(queue))) == [point]
        assert not unsolved_points(second)

        with pytest.raises(Refused):
            solve_point(point.pk, solution=" ", by=agent, at=AT)
        solve_point(point.pk, solution="已退", by=agent, at=AT)
        with pytest.raises(Refused):
            solve_point(point.pk, solution="再退", by=agent, at=AT)

        talk.refresh_from_db()
        assert not talk.has_unsolved_points
        assert not unsolved_points(agent)

    def test_is_for_who_had_it_or_supervises(self, talk, agent, queue):
        with pytest.raises(NotTheHandler):
            save_wrap_up_draft(talk.pk, summary=a_summary(), by=an_agent(queue), at=AT)

        wrap_up = finish_wrap_up(
            talk.pk, summary=a_summary(), by=a_leader(queue), at=AT, closes=False
        )
        talk.refresh_from_db()
        assert not talk.is_closed
        assert str(wrap_up) == f"wrap-up of {talk.pk}"

    def test_after_the_end_it_can_still_be_written(self, agent, queue):
        closed = ConversationFactory(queue=queue, handler=agent, state="closed")

        assert not finish_wrap_up(closed.pk, summary=a_summary(), by=agent, at=AT).is_draft


class TestRepeat:
    @pytest.mark.duty("D356", "D358", "D359")
    def test_first_second_and_many_times_are_told_apart(self, queue):
        customer = CustomerFactory()
        talks = [
            ConversationFactory(queue=queue, customer=customer, opened_at=AT + n * DAY)
            for n in (-40, 0, 1, 2)
        ]

        assert [contact_counts(one)[0] for one in talks] == [1, 1, 2, 3]
        meetings = [meeting_of(one) for one in talks[1:]]
        assert [(one.is_first, one.is_many) for one in meetings] == [
            (True, False),
            (False, False),
            (False, True),
        ]
        assert meetings[2].before == talks[2]
        assert comes_many_times(3)


class TestSetup:
    def test_the_first_queue_is_the_default_and_a_new_default_replaces_it(self):
        boss, home = an_agent(role="administrator", state=None), DepartmentFactory()

        first = ensure_default_queue(name="客服", department=home, by=boss)
        assert ensure_default_queue(name="另一个", department=home, by=boss) == first
        second = save_queue(
            Queue(code="vip", name="贵宾", department=home, is_default=True),
            members=[boss],
            by=boss,
        )

        first.refresh_from_db()
        assert (first.is_default, second.is_default) == (False, True)
        assert default_queue() == second
        assert list(second.members.all()) == [boss]

    def test_without_any_queue_it_is_said(self):
        with pytest.raises(Queue.DoesNotExist):
            default_queue()

    def test_is_for_who_may(self, agent):
        with pytest.raises(NotPermitted):
            save_queue(QueueFactory(), members=[], by=agent)
        with pytest.raises(NotPermitted):
            save_widget_site(WidgetSiteFactory(), by=agent)

    def test_a_widget_is_kept(self):
        site = save_widget_site(
            WidgetSiteFactory.build(queue=QueueFactory()), by=an_agent(role="administrator")
        )

        assert active_site(site.key) == site
