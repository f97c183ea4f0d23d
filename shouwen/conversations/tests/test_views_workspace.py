"""The workspace's pages: who may, what is shown, how many queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.serving import join_conversation
from shouwen.conversations.operations.tasks import mark_harassing
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    LineFactory,
    QueueFactory,
)
from shouwen.conversations.tests.make import sign_in
from shouwen.customers.tests.factories import AssetFactory, CustomerFactory

pytestmark = pytest.mark.django_db
ROWS = "/workspace/rows"


@pytest.fixture
def agent(client):
    staff = StaffFactory(role="agent", department=DepartmentFactory())
    sign_in(client, staff)
    return staff


@pytest.fixture
def queue(agent):
    return QueueFactory(department=agent.department, members=[agent])


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"conversations:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


class TestWho:
    def test_sends_strangers_to_sign_in(self, client):
        answer = client.get("/workspace/")

        assert answer.status_code == 302

    def test_refuses_whoever_does_not_serve(self, client):
        sign_in(client, StaffFactory())

        page(client, "workspace", status=403)

    def test_hides_conversations_out_of_reach(self, client, agent):
        other = ConversationFactory()

        page(client, "conversation", other.pk, status=404)
        assert other.customer.name not in page(client, "rows", tab="all")

    def test_keeps_the_board_for_supervisors(self, client, agent):
        page(client, "board", status=403)


class TestList:
    def test_full_page_shows_tabs_counts_and_rows(self, client, agent, queue):
        ConversationFactory(queue=queue, handler=agent, customer__name="陈国强")

        html = page(client, "workspace")

        assert "陈国强" in html
        assert 'id="tab-mine"' in html
        assert "workspace-config" in html

    @pytest.mark.duty("D025", "D154", "D201", "D427")
    def test_one_list_holds_every_channel_with_its_wait(self, client, agent, queue):
        since = timezone.now() - timedelta(seconds=132)
        for channel in Conversation.Channel.values:
            ConversationFactory(queue=queue, handler=agent, channel=channel, waiting_since=since)

        html = page(client, "rows", tab="mine")

        assert html.count('class="ws-row"') == len(Conversation.Channel.values)
        assert html.count("data-elapsed") == len(Conversation.Channel.values)
        assert html.count('data-late="100"') == len(Conversation.Channel.values)

    @pytest.mark.duty("D025")
    def test_answered_and_unanswered_are_told_apart(self, client, agent, queue):
        ConversationFactory(queue=queue, state="closed", handler=agent, outcome="answered")
        ConversationFactory(queue=queue, state="closed", handler=agent, outcome="missed")

        html = page(client, "rows", tab="all")

        assert html.count('data-tone="kept"') == 1
        assert html.count('data-tone="late"') == 1

    def test_shows_asset_flag_and_place_in_the_queue(self, client, agent, queue):
        first = ConversationFactory(queue=queue, customer__flag="red")
        AssetFactory(customer=first.customer, label="3栋1102")
        ConversationFactory(queue=queue)

        html = page(client, "rows", tab="waiting")

        assert "3栋1102" in html
        assert 'data-flag="red"' in html
        assert html.index("1</") < html.rindex("2</")

    def test_masks_names_for_roles_that_may_not_see_them(self, client, queue):
        staff = StaffFactory(permissions=["conversations.serve", "customers.see"])
        sign_in(client, staff)
        one = ConversationFactory(queue=queue, handler=staff, customer__name="周玉兰")

        html = page(client, "rows") + page(client, "conversation", one.pk)

        assert "周玉兰" not in html
        assert "周*兰" in html

    def test_narrows_by_channel_and_words(self, client, agent, queue):
        ConversationFactory(queue=queue, handler=agent, customer__name="陈国强", channel="mail")
        ConversationFactory(queue=queue, handler=agent, customer__name="赵晓雯", channel="chat")

        by_channel = page(client, "rows", channel="mail")
        by_initials = page(client, "rows", q="zxw")

        assert "陈国强" in by_channel
        assert "赵晓雯" not in by_channel
        assert "赵晓雯" in by_initials
        assert "陈国强" not in by_initials

    def test_pages_by_key_and_never_shows_a_row_twice(self, client, agent, queue):
        at = timezone.now()
        for minutes in range(5):
            ConversationFactory(
                queue=queue, handler=agent, opened_at=at - timedelta(minutes=minutes)
            )
        first = client.get(ROWS, {"size": 2})
        second = client.get(ROWS, {"size": 2, "after": first.context["next_cursor"]})

        ids = [row.conversation.pk for answer in (first, second) for row in answer.context["rows"]]
        assert len(set(ids)) == 4

    def test_many_rows_take_few_queries(self, client, agent, queue, django_assert_max_num_queries):
        for _one in range(50):
            row = ConversationFactory(queue=queue, handler=agent)
            AssetFactory(customer=row.customer)

        page(client, "rows")  # Once a minute it is asked besides whether the day has begun.

        with django_assert_max_num_queries(9):
            html = page(client, "rows", size=50)

        assert html.count('class="ws-row"') == 50

    def test_says_what_to_do_first_when_empty(self, client, agent):
        html = page(client, "workspace")

        assert "ws-nothing" in html
        assert "sw-empty" in html

    def test_colleagues_are_for_supervisors(self, client, agent, queue):
        ConversationFactory(queue=queue, handler=StaffFactory(), customer__name="王先生")

        assert client.get(ROWS, {"tab": "others"}).context["tab"] == "mine"
        leader = StaffFactory(role="team_leader", department=agent.department)
        sign_in(client, leader)
        assert "王先生" in page(client, "rows", tab="others")

    @pytest.mark.duty("D154")
    def test_calls_owed_stand_in_the_list_with_the_late_ones_marked(self, client, agent, queue):
        late = timezone.now() - timedelta(hours=1)
        CallBackFactory(conversation=ConversationFactory(queue=queue), owner=agent, due_at=late)

        html = page(client, "rows", tab="call_backs")

        assert 'data-tone="late"' in html
        assert "/call-backs/" in html


class TestOpenConversation:
    @pytest.mark.duty("D269", "D270", "D437", "D547")
    def test_shows_first_responder_and_handler_side_by_side(self, client, agent, queue):
        first = StaffFactory(name="李敏")
        agent.name = "王芳"
        agent.save()
        one = ConversationFactory(queue=queue, handler=agent, first_responder=first)

        html = page(client, "conversation", one.pk)

        assert "李敏" in html
        assert "王芳" in html

    def test_carries_the_contract_of_the_scripts(self, client, agent, queue):
        one = ConversationFactory(queue=queue, handler=agent)

        html = page(client, "conversation", one.pk, line=3)

        assert f'data-lines-url="/workspace/conversations/{one.pk}/lines"' in html
        assert 'data-may-answer="true"' in html
        assert 'data-jump="3"' in html
        for part in ("data-lines", "data-composer", "data-field", "data-send", "data-guard"):
            assert part in html

    def test_asked_by_htmx_it_comes_without_the_list(self, client, agent, queue):
        one = ConversationFactory(queue=queue, handler=agent)

        html = client.get(f"/workspace/{one.pk}", headers={"HX-Request": "true"}).content.decode()

        assert html.lstrip().startswith('<div class="ws-open"')
        assert "ws-list" not in html

    def test_only_the_handler_answers(self, client, agent, queue):
        one = ConversationFactory(queue=queue, handler=StaffFactory())

        assert 'data-may-answer="false"' in page(client, "conversation", one.pk)

    def test_a_supervisor_answers_after_joining_and_is_seen(self, client, agent, queue):
        leader = StaffFactory(role="team_leader", department=agent.department, name="班长甲")
        one = ConversationFactory(queue=queue, handler=agent)
        sign_in(client, leader)
        assert 'data-may-answer="false"' in page(client, "conversation", one.pk)

        answer = client.post(f"/workspace/{one.pk}/join")

        assert 'data-may-answer="true"' in answer.content.decode()
        sign_in(client, agent)
        assert "班长甲" in page(client, "head", one.pk)

    def test_joining_before_the_claim_is_past(self, client, agent, queue):
        leader = StaffFactory(role="team_leader", department=agent.department, name="班长甲")
        one = ConversationFactory(queue=queue, handler=agent)
        join_conversation(one.pk, by=leader)
        one.claimed_at = timezone.now() + timedelta(minutes=1)
        one.save()

        assert "班长甲" not in page(client, "head", one.pk)

    def test_whoever_may_read_it_no_more_goes_back_to_the_list(self, client, agent):
        gone = ConversationFactory()

        answer = client.get(f"/workspace/{gone.pk}/head")

        assert answer["HX-Redirect"] == "/workspace/"

    def test_takes_few_queries(self, client, agent, queue, django_assert_max_num_queries):
        one = ConversationFactory(queue=queue, handler=agent)
        for _one in range(6):
            ConversationFactory(
                queue=queue,
                handler=agent,
                customer=one.customer,
                opened_at=timezone.now() - timedelta(days=2),
            )

        with django_assert_max_num_queries(40):
            page(client, "conversation", one.pk)


class TestBeside:
    def contacts(self, queue, agent, count):
        customer = CustomerFactory(name="周玉兰")
        for days in range(count - 1, 0, -1):
            earlier = ConversationFactory(
                queue=queue,
                handler=agent,
                customer=customer,
                opened_at=timezone.now() - timedelta(days=days),
            )
            LineFactory(
                conversation=earlier, text="电梯停运两天", at=timezone.now() - timedelta(days=days)
            )
        return ConversationFactory(queue=queue, handler=agent, customer=customer)

    def beside(self, client, one):
        return client.get(f"/workspace/{one.pk}/side").content.decode()

    @pytest.mark.duty("D356")
    def test_a_first_contact_asks_for_detail(self, client, agent, queue):
        html = self.beside(client, self.contacts(queue, agent, 1))

        assert "Ask in detail" in html or "详细" in html

    @pytest.mark.duty("D358")
    def test_a_second_contact_shows_name_and_earlier_problem(self, client, agent, queue):
        html = self.beside(client, self.contacts(queue, agent, 2))

        assert "周玉兰" in html
        assert "电梯停运两天" in html
        assert 'data-tone="near"' in html

    @pytest.mark.duty("D359")
    def test_who_comes_many_times_is_flagged_and_a_call_is_prepared(self, client, agent, queue):
        one = self.contacts(queue, agent, 3)

        html = self.beside(client, one)

        assert 'data-tone="late"' in html
        assert f"/workspace/{one.pk}/promise" in html

    @pytest.mark.duty("D540")
    def test_a_harassing_caller_comes_with_the_rule(self, client, agent, queue):
        one = self.contacts(queue, agent, 1)
        mark_harassing(one.pk, reason="反复辱骂", handling="两次提醒后结束会话", by=agent)

        assert "两次提醒后结束会话" in self.beside(client, one)
        assert "反复辱骂" in page(client, "harassment")
