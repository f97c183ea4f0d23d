"""The board, search, settings, and what conversations put on pages of others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.events import ConversationOpened
from shouwen.conversations.handlers.surge import alarm_of_a_surge
from shouwen.conversations.models import Queue, WidgetSite
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.panels.beside import contacts_by_channel
from shouwen.conversations.tests.factories import (
    ConversationFactory,
    LineFactory,
    QueueFactory,
)
from shouwen.conversations.tests.make import sign_in
from shouwen.core.clock import local_day
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db


def come_online(*people):
    for one in people:
        set_presence(one.pk, state="online", at=timezone.now(), by=one)


@pytest.fixture
def department():
    return DepartmentFactory(name="客服部")


@pytest.fixture
def leader(client, department):
    staff = StaffFactory(role="team_leader", department=department)
    sign_in(client, staff)
    return staff


@pytest.fixture
def manager(client, department):
    staff = StaffFactory(role="service_manager", department=department)
    sign_in(client, staff)
    return staff


class TestBoard:
    @pytest.mark.duty("D148")
    def test_alarms_from_the_threshold_on_and_lists_whom_to_call_in(
        self, client, leader, department
    ):
        here, away = (StaffFactory(role="agent", department=department) for _one in range(2))
        come_online(here)
        queue = QueueFactory(department=department, members=[here, away], surge_per_hour=3)
        for _one in range(2):
            ConversationFactory(queue=queue)
        quiet = client.get("/workspace/board/").context["board"]

        ConversationFactory(queue=queue)
        answer = client.get("/workspace/board/")

        assert quiet.alarmed == []
        [alarm] = answer.context["board"].alarmed
        assert [one.staff for one in alarm.to_call_in] == [away]
        html = answer.content.decode()
        assert f"tel:{away.phone}" in html
        assert f"tel:{here.phone}" not in html

    @pytest.mark.duty("D148")
    def test_contacts_older_than_an_hour_raise_no_alarm(self, client, leader, department):
        queue = QueueFactory(department=department, surge_per_hour=1)
        ConversationFactory(queue=queue, opened_at=timezone.now() - timedelta(minutes=61))

        assert client.get("/workspace/board/").context["board"].alarmed == []

    @pytest.mark.duty("D148")
    def test_supervisors_are_told_once_an_hour(self, leader, department):
        queue = QueueFactory(department=department, surge_per_hour=1)
        StaffFactory(role="agent", department=department)
        one = ConversationFactory(queue=queue)
        event = ConversationOpened(
            conversation_id=one.pk,
            queue_id=queue.pk,
            department_id=department.pk,
            channel="chat",
            customer_id=one.customer_id,
        )

        alarm_of_a_surge([event])
        alarm_of_a_surge([event])

        assert list(Notice.objects.values_list("staff", flat=True)) == [leader.pk]

    @pytest.mark.duty("D370")
    def test_gap_is_required_against_present_with_lent_people_counted(
        self, client, leader, department
    ):
        own, absent = (StaffFactory(role="agent", department=department) for _one in range(2))
        lent = StaffFactory(role="agent", department=DepartmentFactory())
        come_online(own, lent)
        QueueFactory(department=department, members=[own, absent, lent], required_agents=4)

        [now] = client.get("/workspace/board/").context["board"].queues

        assert (now.present, now.seconded, now.gap) == (2, 1, 2)

    def test_counts_agree_with_the_rows_they_open(self, client, leader, department):
        queue = QueueFactory(department=department)
        long_ago = timezone.now() - timedelta(minutes=5)
        for _one in range(2):
            ConversationFactory(queue=queue, waiting_since=long_ago)
        slow = ConversationFactory(
            queue=queue, handler=StaffFactory(role="agent"), waiting_since=long_ago
        )

        board = client.get("/workspace/board/").context["board"]
        waiting = client.get("/workspace/rows", {"tab": "waiting"}).context["rows"]
        asked = {"tab": "all", "slow": "1", "state": "open"}
        slow_rows = client.get("/workspace/rows", asked).context["rows"]
        came = client.get("/workspace/rows", {"tab": "all", "hours": "1"}).context["rows"]

        assert board.waiting == len(waiting) == 2
        assert board.slow == len(slow_rows) == 1
        assert slow_rows[0].conversation == slow
        assert board.came == len(came) == 3

    def test_fragment_comes_without_the_shell(self, client, leader):
        html = client.get("/workspace/board/", headers={"HX-Request": "true"}).content.decode()

        assert "<html" not in html
        assert 'id="board"' in html

    def test_takes_few_queries(self, client, leader, department, django_assert_max_num_queries):
        for _one in range(5):
            people = [StaffFactory(role="agent", department=department) for _two in range(3)]
            queue = QueueFactory(department=department, members=people)
            for person in people:
                ConversationFactory(queue=queue, handler=person)

        with django_assert_max_num_queries(30):
            client.get("/workspace/board/", headers={"HX-Request": "true"})


class TestSearch:
    @pytest.fixture
    def line(self, leader, department):
        one = ConversationFactory(queue=QueueFactory(department=department), handler=leader)
        LineFactory(conversation=one, text="您好")
        return LineFactory(conversation=one, text="三栋的电梯又停了，老人下不了楼")

    @pytest.mark.parametrize("words", ["电梯", "梯又停", "老人下不了楼", "停"])
    def test_finds_every_exact_substring_and_leads_to_the_line(self, client, line, words):
        html = client.get("/workspace/search/", {"q": words}).content.decode()

        assert f"<mark>{words}</mark>" in html
        assert f"/workspace/{line.conversation_id}?tab=all&amp;line={line.seq}" in html

    def test_marks_nothing_as_markup(self, client, leader, department):
        one = ConversationFactory(queue=QueueFactory(department=department))
        LineFactory(conversation=one, text="<script>alert(1)</script>电梯")

        html = client.get("/workspace/search/", {"q": "电梯"}).content.decode()

        assert "<script>alert" not in html

    def test_finds_nothing_out_of_reach(self, client, leader):
        LineFactory(text="电梯停了")

        answer = client.get("/workspace/search/", {"q": "电梯"})

        assert answer.context["found"].rows == []

    def test_pages_by_key(self, client, leader, department):
        one = ConversationFactory(queue=QueueFactory(department=department))
        for place in range(35):
            LineFactory(conversation=one, text=f"电梯{place}")

        first = client.get("/workspace/search/", {"q": "电梯"}).context["found"]
        second = client.get(
            "/workspace/search/", {"q": "电梯", "after": first.next_cursor}
        ).context["found"]

        lines = {row.line.pk for row in [*first.rows, *second.rows]}
        assert (len(first.rows), len(second.rows), len(lines)) == (30, 5, 35)

    def test_stands_on_the_page_of_the_search_over_everything(self, client, line):
        html = client.get("/search/", {"q": "电梯"}).content.decode()

        assert "<mark>电梯</mark>" in html


class TestSettings:
    def test_are_for_those_who_configure(self, client, leader):
        for address in ("/settings/queues/", "/settings/widgets/", "/settings/widgets/new"):
            assert client.get(address).status_code == 403

    def test_a_queue_is_made_with_its_members_and_limits(self, client, manager, department):
        agent = StaffFactory(role="agent")
        data = {
            "name": "售后组",
            "department": department.pk,
            "members": [agent.pk],
            "slow_after_seconds": 60,
            "wait_limit_seconds": 300,
            "waiting_limit": 10,
            "surge_per_hour": 40,
            "required_agents": 6,
            "is_active": "on",
        }

        answer = client.post("/settings/queues/new", data)

        queue = Queue.objects.get(name="售后组")
        assert answer["Location"] == "/settings/queues/"
        assert list(queue.members.all()) == [agent]
        assert (queue.surge_per_hour, queue.required_agents) == (40, 6)
        assert "售后组" in client.get("/settings/queues/").content.decode()

    def test_a_queue_with_what_cannot_be_is_shown_again(self, client, manager):
        answer = client.post("/settings/queues/new", {"name": ""})

        assert answer.status_code == 422
        assert not Queue.objects.exists()

    def widget(self, **fields):
        return {
            "name": "官网",
            "title": "在线客服",
            "queue": QueueFactory().pk,
            "is_active": "on",
            **fields,
        }

    def test_a_widget_comes_with_embed_code_and_qr_code(self, client, manager):
        data = self.widget(allowed_origins="https://www.example.com/\nhttps://www.example.com")

        answer = client.post("/settings/widgets/new", data)

        site = WidgetSite.objects.get()
        assert site.origins() == ["https://www.example.com"]
        html = client.get(answer["Location"]).content.decode()
        assert f"/widget/{site.key}.js" in html
        assert "data:image/svg+xml" in html
        assert f"/widget-demo/{site.key}" in html

    @pytest.mark.parametrize(
        "origin", ["javascript:alert(1)", "https://a.example/path", "*", "https://a b.example"]
    )
    def test_what_is_no_origin_is_refused(self, client, manager, origin):
        answer = client.post("/settings/widgets/new", self.widget(allowed_origins=origin))

        assert answer.status_code == 422
        assert not WidgetSite.objects.exists()


class TestOnOtherPages:
    @pytest.mark.duty("D222")
    def test_ledger_figures_are_the_rows_they_open(self, client, rf, leader, department):
        queue = QueueFactory(department=department)
        at = timezone.now()
        for name in ("王先生", "钱女士"):
            contact = Contact(channel="phone", words="咨询", outcome="answered", name=name)
            record_contact(contact, by=leader, at=at, queue=queue)
        ConversationFactory(queue=queue)
        request = rf.get("/")
        request.user = leader

        figures = contacts_by_channel(request, local_day(at), local_day(at))

        assert {(one.channel, one.received, one.waiting) for one in figures} == {
            ("phone", 2, 0),
            ("chat", 1, 1),
        }
        for cell in (cell for one in figures for cell in one.cells if cell.count):
            rows = client.get(cell.url.replace("/workspace/", "/workspace/rows"))
            assert len(rows.context["rows"]) == cell.count

    def test_rail_and_settings_show_the_way(self, client, manager):
        html = client.get("/settings/").content.decode()

        assert "/settings/queues/" in html
        assert "/settings/widgets/" in html
        assert 'href="/workspace/"' in html
