"""The home page: what waits for one person, what a leader's people missed, how the team stands."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, CasePromise
from shouwen.cases.tests.make import a_case
from shouwen.conversations.models import SummaryPoint, WrapUp
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    QueueFactory,
)
from shouwen.deadlines.operations import install_calendars
from shouwen.ui.cards import WAITING_MOST

pytestmark = pytest.mark.django_db
QUERIES_OF_AN_AGENT, QUERIES_OF_A_LEADER = 24, 44


@pytest.fixture
def department():
    install_calendars(by=system_staff())
    return DepartmentFactory()


@pytest.fixture
def agent(client, department):
    staff = StaffFactory(role="agent", department=department, name="李敏")
    client.force_login(staff)
    return staff


@pytest.fixture
def leader(department):
    return StaffFactory(role="supervisor", department=department)


@pytest.fixture
def queue(agent):
    return QueueFactory(department=agent.department, members=[agent], name="物业客服")


def ago(**span):
    return timezone.now() - timedelta(**span)


def home(client) -> str:
    return client.get(reverse("web:home")).content.decode()


def card(page: str, name: str) -> str:
    """The text of one card of the page."""
    start = page.index(f'id="home-{name}"')
    return page[start : page.index("</section>", start)]


def keys(page: str, name: str = "waiting") -> list[str]:
    """The kinds of the rows of a card, in their order."""
    return re.findall(r'class="home-row" id="(\w+)-\d+"', card(page, name))


def a_point(talk, *, owner, raised_at):
    wrap_up = WrapUp.objects.create(conversation=talk, by=owner, is_draft=False)
    return SummaryPoint.objects.create(
        wrap_up=wrap_up, text="要求书面道歉", owner=owner, raised_at=raised_at
    )


def owes(agent, queue):
    """One of everything that waits for this agent."""
    ConversationFactory(queue=queue, handler=agent, waiting_since=ago(minutes=2))
    closed = ConversationFactory(queue=queue, state="closed", handler=agent, outcome="answered")
    a_point(closed, owner=agent, raised_at=ago(days=1))
    CallBackFactory(conversation=closed, owner=agent, due_at=ago(minutes=30))
    case = a_case(agent, at=ago(hours=6), customer=closed.customer)
    Case.objects.filter(pk=case.pk).update(handler=agent, due_at=ago(hours=3))
    CasePromise.objects.create(
        case=case, text="上门查看", by=agent, at=ago(hours=5), due_at=ago(hours=-1)
    )


class TestAgent:
    def test_sees_all_that_waits_in_one_order_the_oldest_first(self, client, agent, queue):
        owes(agent, queue)

        page = home(client)

        assert keys(page) == ["point", "case", "call", "conversation", "casepromise"]
        assert "要求书面道歉" in card(page, "waiting")
        assert "上门查看" in card(page, "waiting")

    def test_every_row_opens_what_it_names(self, client, agent, queue):
        owes(agent, queue)
        client.post(reverse("notices:start_of_day"), {})
        rows = re.findall(r'class="home-row"[^>]*href="([^"]+)"', home(client))

        assert len(rows) == 5
        assert {client.get(one).status_code for one in rows} <= {200, 302}

    def test_does_not_see_what_others_owe_or_what_can_wait(self, client, agent, queue):
        other = StaffFactory(role="agent", department=agent.department)
        owes(other, queue)
        ConversationFactory(queue=queue, handler=agent)
        talk = ConversationFactory(queue=queue, state="closed", handler=agent, outcome="answered")
        a_point(talk, owner=agent, raised_at=timezone.now())
        CallBackFactory(conversation=talk, owner=agent, due_at=ago(days=-2))

        page = home(client)

        assert keys(page) == []
        assert "暂时没有客户在等您" in card(page, "waiting")
        assert 'id="home-missed"' not in page

    def test_names_are_masked_for_who_may_not_see_them(self, client, department):
        staff = StaffFactory(permissions=["conversations.serve"], department=department)
        client.force_login(staff)
        ConversationFactory(handler=staff, waiting_since=ago(minutes=1), customer__name="周玉兰")

        assert "周玉兰" not in home(client)
        assert "周*兰" in home(client)

    def test_a_crowd_is_cut_to_the_oldest_and_says_so(self, client, agent, queue):
        for minutes in range(WAITING_MOST + 5):
            ConversationFactory(queue=queue, handler=agent, waiting_since=ago(minutes=minutes))

        page = home(client)

        assert len(keys(page)) == WAITING_MOST
        assert "home-more" in card(page, "waiting")


class TestLeader:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, agent, leader):
        client.force_login(leader)

    def test_sees_what_colleagues_missed_and_who_has_it(self, client, agent, queue):
        owes(agent, queue)
        ConversationFactory(queue=queue, channel="mail", handler=agent, reply_due_at=ago(hours=1))

        page = home(client)

        assert keys(page, "missed") == ["case", "conversation", "call"]
        assert card(page, "missed").count("李敏") == 3
        assert keys(page) == []

    def test_nothing_missed_is_said(self, client, queue):
        assert "没有超时" in card(home(client), "missed")

    def test_sees_the_queues_with_their_coverage_and_the_people_by_presence(
        self, client, agent, queue
    ):
        queue.required_agents = 2
        queue.save()
        set_presence(agent.pk, state="break", reason="用餐", at=timezone.now(), by=agent)
        ConversationFactory(queue=queue)

        page = home(client)

        assert "物业客服" in page
        assert re.search(r"0</span> / 2", page)
        people = page[page.index('class="home-people"') :]
        assert "小休" in people[: people.index("</dl>")]
        assert "李敏" in people
        assert "用餐" in people


class TestOthers:
    def test_whoever_serves_nobody_sees_no_team(self, client, department):
        client.force_login(StaffFactory(role="warehouse", department=department))

        page = home(client)

        assert "没有等您处理的事" in card(page, "waiting")
        assert 'class="home-people"' not in page
        assert 'id="home-missed"' not in page


class TestQueries:
    def asked(self, client) -> int:
        home(client)
        with CaptureQueriesContext(connection) as queries:
            home(client)
        return len(queries)

    def test_are_as_many_for_a_crowd_as_for_one(self, client, agent, leader, queue):
        owes(agent, queue)
        few = self.asked(client)
        client.force_login(leader)
        few_of_leader = self.asked(client)
        for _one in range(8):
            owes(agent, queue)
            StaffFactory(role="agent", department=agent.department).queues.add(queue)

        assert self.asked(client) == few_of_leader <= QUERIES_OF_A_LEADER
        client.force_login(agent)
        assert self.asked(client) == few <= QUERIES_OF_AN_AGENT
