"""Reads: what each screen has missed, who sees what, how long somebody may still wait."""

from datetime import timedelta

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.lines import recall_line
from shouwen.conversations.operations.serving import join_conversation
from shouwen.conversations.queries.board import board_now
from shouwen.conversations.queries.contacts import (
    colleagues_to_serve,
    contacts_today,
    lookers_on,
    open_call_backs_of,
    queues_to_transfer_to,
    who_may_serve,
)
from shouwen.conversations.queries.conversations import (
    conversations_by_number,
    left_messages,
    my_conversations,
    open_conversations_of_others,
    slow_conversations,
    visible_conversations,
    waiting_conversations,
    with_names,
    workspace_counts,
)
from shouwen.conversations.queries.lines import (
    PAGE,
    changes_of,
    changes_of_many,
    new_visitor_state,
    readable_lines,
)
from shouwen.conversations.queries.setup import queues_with_members
from shouwen.conversations.queries.visitors import widget_sites
from shouwen.conversations.queries.workspace import (
    TABS,
    Wanted,
    call_back_rows,
    conversations_of_tab,
    customers_of_conversations,
    page_of_tab,
)
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    QueueFactory,
    VisitorFactory,
    WidgetSiteFactory,
)
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
)
from shouwen.core.files import store_file
from shouwen.core.jobs import run_waiting_jobs
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
State = Conversation.State
SECOND = timedelta(seconds=1)


@pytest.fixture
def queue():
    return QueueFactory()


@pytest.fixture
def agent(queue):
    return an_agent(queue)


@pytest.fixture
def talk(queue, agent):
    return ConversationFactory(queue=queue, handler=agent)


class TestChanges:
    def test_come_in_the_order_of_their_change_after_the_cursor(self, talk, agent):
        post(customer_line(talk, "一"), agent_line(talk, agent, "二"), customer_line(talk, "三"))
        recall_line(talk.lines.get(text="二").pk, by=agent, at=AT)

        changes = changes_of(talk, after=1, for_staff=True, at=AT)

        assert [(one["seq"], one["rev"], one["recalled"]) for one in changes.lines] == [
            (3, 3, False),
            (2, 4, True),
        ]
        assert changes.cursor == 4
        assert changes.lines[1]["text"] == ""
        assert changes.state["last_rev"] == 4

    def test_hide_notes_ids_and_inner_matters_from_visitors_but_move_their_cursor(
        self, talk, agent
    ):
        post(
            a_note(talk, agent, "内部"),
            customer_line(talk, "好", meta={"from": "a@b.cn", "code": "x"}),
        )

        changes = changes_of(talk, after=0, for_staff=False, at=AT)

        (line,) = changes.lines
        assert (line["text"], line["author"]["id"], line["meta"]) == ("好", None, {"code": "x"})
        assert "id" not in line
        assert changes.cursor == 2
        assert [one["kind"] for one in readable_lines(talk, for_staff=True)] == ["note", "visitor"]
        assert [one["kind"] for one in readable_lines(talk, for_staff=False)] == ["visitor"]

    def test_a_cursor_on_a_note_is_passed_in_silence(self, talk, agent):
        post(a_note(talk, agent))

        changes = changes_of(talk, after=0, for_staff=False, at=AT)

        assert (changes.lines, changes.cursor) == ([], 1)

    def test_a_recalled_line_takes_its_files_along(self, talk, agent):
        stored = store_file("a.txt", b"x")
        line = post(agent_line(talk, agent, "", file_ids=(stored.pk,)))[0].kept()
        shown = changes_of(talk, after=0, for_staff=False, at=AT).lines[0]["files"]
        assert [(one["name"], one["kind"]) for one in shown] == [("a.txt", "other")]

        recall_line(line.pk, by=agent, at=AT)

        assert changes_of(talk, after=0, for_staff=False, at=AT).lines[0]["files"] == []

    def test_cost_the_same_for_one_and_for_fifty(self, queue, agent, django_assert_max_num_queries):
        talks = [ConversationFactory(queue=queue, handler=agent) for _one in range(50)]
        post(*[customer_line(one) for one in talks])
        for count in (1, 50):
            with django_assert_max_num_queries(2):
                found = changes_of_many({one.pk: 0 for one in talks[:count]}, for_staff=True, at=AT)
            assert all(len(one.lines) == 1 for one in found.values())

    def test_the_same_for_waiting_visitors(self, queue, django_assert_max_num_queries):
        talks = [ConversationFactory(queue=queue) for _one in range(50)]
        for count in (1, 50):
            with django_assert_max_num_queries(4):
                changes_of_many({one.pk: 0 for one in talks[:count]}, for_staff=False, at=AT)

    def test_one_that_says_very_much_hides_nothing_of_another(self, queue):
        loud, quiet = ConversationFactory(queue=queue), ConversationFactory(queue=queue)
        post(*[customer_line(quiet, str(n)) for n in range(3)])
        post(*[customer_line(loud, str(n)) for n in range(PAGE * 3)])
        cursors, seen = {loud.pk: 0, quiet.pk: 0}, {loud.pk: [], quiet.pk: []}

        for _time in range(5):
            for pk, changes in changes_of_many(cursors, for_staff=True, at=AT).items():
                seen[pk] += [one["seq"] for one in changes.lines]
                cursors[pk] = changes.cursor

        assert seen[quiet.pk] == [1, 2, 3]
        assert seen[loud.pk] == list(range(1, PAGE * 3 + 1))

    def test_of_nothing_are_nothing(self):
        changes = changes_of_many({10**9: 7}, for_staff=True, at=AT)[10**9]

        assert changes.as_json() == {"lines": [], "cursor": 7, "state": {}}


class TestPlace:
    def state(self, conversation):
        return changes_of(conversation, after=0, for_staff=False, at=AT).state

    def test_is_counted_within_the_queue_in_order_of_coming(self, queue):
        second = ConversationFactory(queue=queue, opened_at=AT - 5 * SECOND)
        first = ConversationFactory(queue=queue, opened_at=AT - 9 * SECOND)
        other = ConversationFactory(opened_at=AT)

        assert [self.state(one)["position"] for one in (first, second, other)] == [1, 2, 1]
        assert self.state(second)["status"] == "queued"

    def test_the_expected_wait_grows_with_the_place_and_falls_with_people(self, queue):
        waits = [ConversationFactory(queue=queue, opened_at=AT + n * SECOND) for n in range(2)]
        alone = [self.state(one)["expected_wait_s"] for one in waits]
        an_agent(queue)
        an_agent(queue)

        assert alone == [180, 360]
        assert [self.state(one)["expected_wait_s"] for one in waits] == [90, 180]

    def test_the_expected_wait_follows_how_it_went_in_the_last_hour(self, queue, agent):
        for _one in range(60):
            ConversationFactory(queue=queue, handler=agent, opened_at=AT - 60 * SECOND)

        assert self.state(ConversationFactory(queue=queue))["expected_wait_s"] == 60

    def test_who_is_served_has_a_name_and_no_place(self, talk, agent):
        state = self.state(talk)

        assert (state["position"], state["handler"]) == (None, {"name": agent.public_name})
        assert state["can_write"]
        assert not self.state(ConversationFactory(state=State.CLOSED))["can_write"]
        assert self.state(ConversationFactory(state=State.MESSAGE))["status"] == "offline"

    def test_before_the_first_word_it_is_new(self, queue):
        assert new_visitor_state(queue, is_open=False)["status"] == "new"


class TestVisible:
    @pytest.fixture
    def house(self):
        """Two departments, one under the first, and a talk in each."""
        top = DepartmentFactory(name="客服部")
        below = DepartmentFactory(name="一组", parent=top)
        other = DepartmentFactory(name="工程部")
        return {
            name: ConversationFactory(queue=QueueFactory(department=department))
            for name, department in (("top", top), ("below", below), ("other", other))
        }

    @pytest.mark.parametrize(
        ("role", "seen"),
        [
            ("agent", {"top", "below"}),
            ("team_leader", {"top", "below"}),
            ("general_manager", {"top", "below", "other"}),
            ("administrator", {"top", "below", "other"}),
            ("finance", set()),
            ("quality_inspector", set()),
            ("chat_companion", set()),
        ],
    )
    @pytest.mark.duty("D423")
    def test_by_role_and_department(self, house, role, seen):
        staff = StaffFactory(role=role, department=house["top"].department)

        visible = set(visible_conversations(staff))

        assert {name for name, one in house.items() if one in visible} == seen

    def test_ones_own_queues_and_talks_wherever_they_are(self, house):
        staff = StaffFactory(role="chat_companion")
        house["other"].queue.members.add(staff)
        mine = ConversationFactory(handler=staff)
        once_mine = ConversationFactory(first_responder=staff)

        assert set(visible_conversations(staff)) == {house["other"], mine, once_mine}

    def test_without_a_role_nothing_and_for_the_system_all(self, house):
        assert not visible_conversations(StaffFactory())
        assert visible_conversations(system_staff()).count() == 3

    def test_a_leaver_sees_nothing(self, house):
        staff = StaffFactory(role="administrator", is_active=False)

        assert not visible_conversations(staff)

    @pytest.mark.parametrize("tab", sorted(TABS))
    def test_no_tab_and_no_filter_shows_what_is_out_of_reach(self, tab):
        mine, others = an_agent(QueueFactory(), role="team_leader"), QueueFactory()
        for state in (State.QUEUED, State.OPEN, State.MESSAGE, State.CLOSED):
            ConversationFactory(queue=others, handler=an_agent(others), state=state)
        ConversationFactory(queue=others)

        rows, _next = page_of_tab(tab, mine, Wanted(), at=AT)

        assert rows == []


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

        slow = slow_conversations(agent, at=AT)

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
        hidden = ConversationFactory()

        assert list(conversations_by_number(agent, [talk.number, hidden.number])) == [talk]
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

        assert contacts_today(second, since=AT) == 2
        assert contacts_today(second, since=AT + SECOND) == 1

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


def test_things_name_themselves(talk):
    visitor = VisitorFactory(short_name="7F31")
    assert "7F31" in str(visitor)
    assert str(talk) == talk.number
    assert str(talk.queue) == talk.queue.name
    line = post(customer_line(talk))[0].kept()
    assert str(line) == f"{talk.pk}#1"
    assert str(CallBackFactory(conversation=talk)).endswith(str(talk.pk))
