"""The lists of the workspace, colleagues, and the board."""

from datetime import timedelta

import pytest

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.serving import join_conversation
from shouwen.conversations.queries.board import board_now
from shouwen.conversations.queries.contacts import (
    colleagues_to_serve,
    lookers_on,
    meeting_of,
    open_call_backs_of,
    queues_to_transfer_to,
    who_may_serve,
)
from shouwen.conversations.queries.conversations import (
    left_messages,
    my_conversations,
    open_conversations_of_others,
    visible_conversations,
    waiting_conversations,
    with_names,
    workspace_counts,
)
from shouwen.conversations.queries.setup import queues_with_members
from shouwen.conversations.queries.visitors import widget_sites
from shouwen.conversations.queries.workspace import (
    Wanted,
    call_back_rows,
    conversations_of_tab,
    customers_of_conversations,
)
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    QueueFactory,
    WidgetSiteFactory,
)
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    a_note,
    an_agent,
    customer_line,
    post,
)
from shouwen.core.jobs import run_waiting_jobs
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
State = Conversation.State
SECOND = timedelta(seconds=1)


class TestLists:
    def test_each_tab_holds_its_own(self, queue, agent):
        mine = ConversationFactory(queue=queue, handler=agent)
        waiting = ConversationFactory(queue=queue)
        colleague = ConversationFactory(queue=queue, handler=an_agent(queue))
        message = ConversationFactory(queue=queue, handler=agent, state=State.MESSAGE)
        nobodys = ConversationFactory(queue=queue, state=State.MESSAGE)
        foreign = ConversationFactory(queue=queue, handler=an_agent(queue), state=State.MESSAGE)

        assert list(my_conversations(agent)) == [mine]
        assert list(waiting_conversations(agent)) == [waiting]
        assert list(open_conversations_of_others(agent)) == [colleague]
        assert set(left_messages(agent)) == {message, nobodys}
        assert set(left_messages(a_leader(queue))) == {message, nobodys, foreign}
        counts = workspace_counts(agent)
        assert (counts["mine"], counts["waiting"], counts["others"], counts["messages"]) == (
            1,
            1,
            1,
            2,
        )

    def test_slow_ones_are_those_over_their_queues_limit_the_longest_first(self, queue, agent):
        for waited in (99, 100, 101, 500):
            ConversationFactory(queue=queue, handler=agent, waiting_since=AT - waited * SECOND)
        ConversationFactory(queue=queue, handler=agent)

        slow = Conversation.objects.slow(AT).order_by("waiting_since")

        assert [(AT - one.waiting_since).seconds for one in slow] == [500, 101]

    def test_what_is_wanted_narrows_the_list(self, queue, agent):
        mail = ConversationFactory(
            queue=queue, handler=agent, channel="mail", customer__name="钱多多"
        )
        ConversationFactory(queue=queue, handler=agent, first_answered_at=AT)
        slow = ConversationFactory(queue=queue, handler=agent, waiting_since=AT - 999 * SECOND)

        def wanted(**given):
            return set(conversations_of_tab("mine", agent, Wanted(**given), at=AT))

        assert wanted(channel="mail") == {mail}
        assert wanted(is_slow=True) == {slow}
        assert wanted(is_unanswered=True) == {mail, slow}
        assert wanted(words=mail.number) == {mail}
        assert wanted(customer_id=mail.customer_id) == {mail}
        assert wanted(queue_id=QueueFactory().pk) == set()
        assert Wanted().is_narrow is False
        assert Wanted(words="x").is_narrow

    def test_numbers_lead_only_to_what_one_may_read(self, talk, agent):
        ConversationFactory()

        assert list(visible_conversations(agent)) == [talk]
        assert list(customers_of_conversations(agent)) == [talk.customer]
        assert with_names(visible_conversations(agent)).get() == talk

    def test_late_calls_come_first_and_are_late(self, agent):
        late = CallBackFactory(owner=agent, due_at=AT - SECOND)
        later = CallBackFactory(owner=agent, due_at=AT + SECOND)

        rows, _next = call_back_rows(agent, at=AT)

        assert [(one.task, one.is_late) for one in rows] == [(late, True), (later, False)]
        assert list(open_call_backs_of(late.customer_id)) == [late]


class TestPeople:
    def test_colleagues_who_are_there_and_free_stand_first(self, queue):
        full = an_agent(queue, reception_limit=1)
        ConversationFactory(queue=queue, handler=full)
        free, away = an_agent(queue), an_agent(queue, state=None)
        StaffFactory()
        me = an_agent(queue)

        found = colleagues_to_serve(except_id=me.pk)

        assert [one.staff for one in found] == [free, full, away]
        assert [(one.is_there, one.is_full) for one in found] == [(1, 0), (1, 1), (0, 0)]
        assert all(one.presence and one.tone for one in found)
        assert set(who_may_serve()) == {full, free, away, me}

    def test_queues_tell_who_waits_and_who_is_there(self, queue, agent):
        ConversationFactory(queue=queue)
        ConversationFactory(queue=queue)
        an_agent(queue, state="busy")

        found = queues_to_transfer_to().get()

        assert (found.waiting, found.there) == (2, 1)
        assert queues_with_members().get().member_count == 2
        assert [one.queue for one in widget_sites()] == []
        assert str(WidgetSiteFactory(name="官网")) == "官网"

    def test_nobody_looks_on_unseen(self, talk, queue):
        leader = a_leader(queue)
        assert lookers_on(talk) == []

        join_conversation(talk.pk, by=leader)

        assert lookers_on(talk) == [leader]

    def test_contacts_of_the_day_are_counted(self, queue):
        first = ConversationFactory(queue=queue, opened_at=AT)
        second = ConversationFactory(queue=queue, customer=first.customer, opened_at=AT + SECOND)
        next_day = ConversationFactory(
            queue=queue, customer=first.customer, opened_at=AT + timedelta(days=1)
        )

        assert meeting_of(second).today == 2
        assert meeting_of(next_day).today == 1

    def test_the_mentioned_are_told(self, talk, agent, queue):
        colleague = an_agent(queue)
        post(a_note(talk, agent, "请看", meta={"mentions": [colleague.pk]}), customer_line(talk))

        run_waiting_jobs()

        notice = Notice.objects.get()
        assert (notice.staff, notice.url) == (colleague, f"/workspace/{talk.pk}")
        assert agent.public_name in notice.text


class TestBoard:
    @pytest.mark.duty("D148", "D370")
    def test_a_surge_and_a_gap_call_people_in_those_on_a_break_first(self, queue):
        queue.surge_per_hour, queue.required_agents = 2, 3
        queue.save()
        home = queue.department
        an_agent(queue)
        an_agent(queue, department=DepartmentFactory())
        off, resting = an_agent(queue, state=None), an_agent(queue, state="break")
        for minutes in (5, 59, 61):
            ConversationFactory(queue=queue, opened_at=AT - timedelta(minutes=minutes))

        board = board_now(StaffFactory(role="team_leader", department=home), at=AT)

        (now,) = board.alarmed
        assert (now.came, now.has_surge, now.present, now.seconded, now.gap) == (2, True, 2, 1, 1)
        assert [one.staff for one in now.to_call_in] == [resting, off]
        assert (board.waiting, board.came, board.gap, board.present) == (3, 2, 1, 2)

    @pytest.mark.duty("D148")
    def test_below_the_threshold_there_is_no_alarm(self, queue):
        queue.surge_per_hour = 3
        queue.save()
        for _one in range(2):
            ConversationFactory(queue=queue, opened_at=AT - SECOND)

        board = board_now(StaffFactory(role="team_leader", department=queue.department), at=AT)

        assert board.alarmed == []
        assert board.queues[0].has_surge is False

    def test_loads_and_slow_ones_are_counted_by_person(self, queue, agent):
        ConversationFactory(queue=queue, handler=agent, waiting_since=AT - 999 * SECOND)
        ConversationFactory(queue=queue, handler=agent, channel="mail")

        board = board_now(a_leader(queue), at=AT)

        person = next(one for one in board.people if one.staff == agent)
        assert (person.chats, person.others, person.slow) == (1, 1, 1)
        assert (board.open, board.slow, board.queues[0].load) == (2, 1, 1)
        assert board.queues[0].limit == agent.reception_limit
        assert board.oldest_at is None
        assert {one.tone for one in board.people} == {"kept", "plain"}
        assert all(one.presence for one in board.people)
