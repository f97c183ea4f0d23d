"""Reads: what each screen has missed, who sees what, how long somebody may still wait."""

from datetime import timedelta

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.lines import recall_line
from shouwen.conversations.queries.conversations import (
    visible_conversations,
)
from shouwen.conversations.queries.lines import (
    PAGE,
    changes_of,
    changes_of_many,
    new_visitor_state,
)
from shouwen.conversations.queries.workspace import (
    TABS,
    Wanted,
    page_of_tab,
)
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    QueueFactory,
    VisitorFactory,
)
from shouwen.conversations.tests.make import (
    AT,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
)
from shouwen.core.files import store_file

pytestmark = pytest.mark.django_db
State = Conversation.State
SECOND = timedelta(seconds=1)


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
        all_lines = changes_of(talk, after=0, for_staff=True, at=AT).lines
        assert [one["kind"] for one in all_lines] == ["note", "visitor"]

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


def test_things_name_themselves(talk):
    visitor = VisitorFactory(short_name="7F31")
    assert "7F31" in str(visitor)
    assert str(talk) == talk.number
    assert str(talk.queue) == talk.queue.name
    line = post(customer_line(talk))[0].kept()
    assert str(line) == f"{talk.pk}#1"
    assert str(CallBackFactory(conversation=talk)).endswith(str(talk.pk))
