"""What waits to be done, and who is told: surges, points, figures of the day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.conversations.models import HarassmentMark, SummaryPoint, WrapUp
from shouwen.conversations.operations.opening import open_conversation
from shouwen.conversations.operations.serving import transfer_to_staff
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up, solve_point
from shouwen.conversations.queries.contacts import meeting_of, transfer_reason
from shouwen.conversations.queries.figures import contact_figures
from shouwen.conversations.queries.workspace import Wanted, page_of_tab, point_rows
from shouwen.conversations.tests.factories import ConversationFactory, LineFactory, QueueFactory
from shouwen.conversations.tests.make import AT, a_leader, an_agent
from shouwen.core.clock import local_day
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.tests.factories import AssetFactory, CustomerFactory
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db


def come(queue, customers: int) -> None:
    for _one in range(customers):
        open_conversation(
            customer=CustomerFactory(), queue=queue, channel="phone", at=timezone.now()
        )
    run_waiting_jobs()


class TestSurge:
    @pytest.mark.duty("D148")
    def test_whoever_leads_is_told_once_an_hour_when_it_is_too_much(self, queue, agent):
        queue.surge_per_hour = 3
        queue.save()
        leader, other = a_leader(queue), a_leader(QueueFactory())

        come(queue, 2)
        assert not Notice.objects.exists()
        come(queue, 3)

        assert other.pk != leader.pk
        assert [one.staff for one in Notice.objects.all()] == [leader]

    def test_without_a_number_there_is_no_alarm(self, queue):
        a_leader(queue)

        come(queue, 3)

        assert not Notice.objects.exists()


def sum_up(conversation, by, *points, at=AT):
    LineFactory(conversation=conversation, by=by, text="马上处理", at=at)
    summary = Summary(kind="repair", demand="修电梯", points=points, next_action="问工程部")
    return finish_wrap_up(conversation.pk, summary=summary, by=by, at=at)


class TestPoints:
    @pytest.mark.duty("D157")
    def test_one_left_unsolved_stands_on_the_next_days_list_until_it_is(self, queue, agent):
        talk = ConversationFactory(queue=queue, handler=agent)
        sum_up(talk, agent, Point(text="退费", is_solved=False), Point(text="电梯", is_solved=True))

        today, _next = point_rows(agent, at=AT)
        tomorrow, _next = point_rows(agent, at=AT + timedelta(days=1))
        assert [(row.task.text, row.is_late) for row in today] == [("退费", False)]
        assert [(row.task.text, row.is_late) for row in tomorrow] == [("退费", True)]

        solve_point(today[0].task.pk, solution="已退", by=agent, at=AT)
        assert point_rows(agent, at=AT + timedelta(days=1)) == ([], "")

    @pytest.mark.duty("D356", "D358")
    def test_the_next_talk_knows_the_last_demand_and_the_open_points(self, queue, agent):
        first = ConversationFactory(queue=queue, handler=agent, opened_at=AT)
        sum_up(first, agent, Point(text="退费", is_solved=False))
        second = ConversationFactory(
            queue=queue, customer=first.customer, opened_at=AT + timedelta(hours=1)
        )

        meeting = meeting_of(second)

        assert (meeting.count, meeting.last_demand, meeting.is_first) == (2, "修电梯", False)
        assert [one.text for one in meeting.open_points] == ["退费"]
        assert meeting_of(first).last_demand == ""
        assert meeting.many_from == 3

    def test_without_a_summary_the_last_words_count(self, queue):
        first = ConversationFactory(queue=queue, opened_at=AT)
        LineFactory(conversation=first, text="漏水了")
        second = ConversationFactory(
            queue=queue, customer=first.customer, opened_at=AT + timedelta(hours=1)
        )

        assert meeting_of(second).last_demand == "漏水了"

    def test_name_themselves(self):
        assert str(WrapUp(conversation_id=7)) == "wrap-up of 7"
        assert str(SummaryPoint(text="退费")) == "退费"
        assert str(HarassmentMark(reason="辱骂")) == "辱骂"


class TestTransferReason:
    def test_names_who_handed_it_over_and_why(self, queue, agent):
        talk = ConversationFactory(queue=queue, handler=agent)
        assert transfer_reason(talk) == ("", "")

        transfer_to_staff(talk.pk, to=an_agent(queue), reason="懂电梯", by=agent, at=AT)

        talk.refresh_from_db()
        assert transfer_reason(talk) == (agent.public_name, "懂电梯")

    def test_nothing_if_it_was_never_handed_over(self, queue, agent):
        talk = ConversationFactory(queue=queue, handler=agent, first_responder=an_agent(queue))

        assert transfer_reason(talk) == ("", "")


class TestFigures:
    @pytest.mark.duty("D222")
    def test_count_each_contact_of_the_day_once_as_waiting_or_handled(self, queue, agent):
        for state in ("queued", "closed", "message"):
            ConversationFactory(queue=queue, state=state, opened_at=AT)
        ConversationFactory(queue=queue, handler=agent, opened_at=AT)
        ConversationFactory(queue=queue, channel="mail", opened_at=AT)
        ConversationFactory(queue=queue, opened_at=AT - timedelta(days=2))
        ConversationFactory(opened_at=AT)

        (row,) = contact_figures(agent, first_day=local_day(AT), last_day=local_day(AT))

        assert (row.channel, row.received, row.waiting, row.handled) == ("chat", 4, 1, 3)
        assert f"day={local_day(AT)}" in row.rows_url


class TestRows:
    def test_show_what_the_talk_is_about_and_its_place(self, queue, agent):
        asset = AssetFactory(label="3栋1单元101")
        first = ConversationFactory(queue=queue, customer=asset.customer, opened_at=AT)
        second = ConversationFactory(
            queue=queue, subject="退货", opened_at=AT + timedelta(seconds=1), waiting_since=AT
        )

        rows, _next = page_of_tab("waiting", agent, Wanted(), at=AT)

        assert [(row.conversation, row.place) for row in rows] == [(first, 1), (second, 2)]
        assert [row.about for row in rows] == ["3栋1单元101", "退货"]
        assert [row.is_slow for row in rows] == [False, True]
        assert (rows[0].late_after, rows[0].near_after) == (100, 60)
