"""The pages of notices, of the start of the day and of faults."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.notices.models import FaultReport, Notice, StartOfDayCheck
from shouwen.notices.operations import Finding, Message, notify_staff, report_fault
from shouwen.notices.panels import bell_on_the_rail, faults_row, own_links
from shouwen.notices.queries import choices_of, unread_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    staff = StaffFactory(role="agent")
    client.force_login(staff)
    return staff


@pytest.fixture
def leader(client):
    staff = StaffFactory(role="supervisor")
    client.force_login(staff)
    return staff


def tell(staff, **message):
    values = {"kind": "tests.view", "text": "张工 已接收转办", **message}
    return notify_staff(
        [staff.pk], message=Message(**values), at=timezone.now(), by=system_staff()
    )[0]


def fault_by(staff):
    finding = Finding(kind="network", text="断网", noticed_at=timezone.now())
    return report_fault(finding, by=staff)


def rail_request(staff):
    request = RequestFactory().get("/")
    request.user = staff
    return request


class TestNotices:
    def test_shows_the_own_ones_only(self, client, agent):
        tell(agent)
        tell(StaffFactory(), text="别人的通知")

        page = client.get(reverse("notices:list")).content.decode()

        assert "张工 已接收转办" in page
        assert "别人的通知" not in page

    def test_says_so_when_there_is_none(self, client, agent):
        assert client.get(reverse("notices:list")).status_code == 200

    def test_opening_one_marks_it_read_and_goes_there(self, client, agent):
        notice = tell(agent, url="/notices/preferences/")

        answer = client.post(reverse("notices:open", args=[notice.pk]))

        assert answer["Location"] == "/notices/preferences/"
        assert unread_count(agent) == 0

    def test_never_leads_to_another_site(self, client, agent):
        notice = tell(agent, url="https://evil.example.com/")

        answer = client.post(reverse("notices:open", args=[notice.pk]))

        assert answer["Location"] == reverse("notices:list")

    def test_nobody_opens_those_of_others(self, client, agent):
        notice = tell(StaffFactory())

        assert client.post(reverse("notices:open", args=[notice.pk])).status_code == 404

    def test_all_are_read_at_once(self, client, agent):
        tell(agent)
        client.post(reverse("notices:read"))

        assert unread_count(agent) == 0

    def test_the_bell_counts(self, client, agent):
        tell(agent)

        assert ">1<" in client.get(reverse("notices:bell")).content.decode()
        assert [one.count() for one in bell_on_the_rail(rail_request(agent)).waiting] == [1]
        assert len(own_links(rail_request(agent))) == 3

    def test_preferences_are_kept(self, client, agent):
        url = reverse("notices:preferences")
        assert client.get(url).status_code == 200

        answer = client.post(url, {"mail:notices.fault_resolved": "on"})

        chosen = {one.kind.code: (one.in_app, one.by_mail) for one in choices_of(agent)}
        assert chosen["notices.fault_resolved"] == (False, True)
        assert b"<html" not in answer.content

    def test_strangers_are_sent_to_sign_in(self, client):
        for name in ("list", "preferences", "start_of_day", "faults"):
            assert client.get(reverse(f"notices:{name}")).status_code == 302


class TestStartOfDay:
    WELL = {"system": "well", "phone": "well", "network": "well"}

    @pytest.mark.duty("D153")
    def test_is_done_and_leads_on_to_the_work(self, client, agent):
        url = reverse("notices:start_of_day")
        assert client.get(url).status_code == 200

        answer = client.post(f"{url}?next=/notices/", self.WELL)

        assert answer["Location"] == "/notices/"
        assert StartOfDayCheck.objects.get().staff == agent

    @pytest.mark.duty("D153")
    def test_a_fault_needs_words_and_becomes_a_report(self, client, agent):
        url = reverse("notices:start_of_day")
        ill = self.WELL | {"phone": "ill"}

        assert client.post(url, ill).status_code == 422
        client.post(url, ill | {"phone_text": "外线无声"})

        assert FaultReport.objects.get().text == "外线无声"

    def test_everything_must_be_looked_at(self, client, agent):
        assert client.post(reverse("notices:start_of_day"), {"system": "well"}).status_code == 422
        assert not StartOfDayCheck.objects.exists()

    def test_leaders_see_who_has_looked(self, client, leader):
        url = reverse("notices:start_of_day")
        client.post(url, self.WELL)

        assert leader.name in client.get(url).content.decode()


class TestFaults:
    @pytest.mark.duty("D277", "D442")
    def test_an_agent_reports_one_and_sees_it(self, client, agent):
        url = reverse("notices:faults")
        finding = {"kind": "equipment", "place": "前台", "text": "打印机卡纸"}

        answer = client.post(url, finding)

        assert "打印机卡纸" in answer.content.decode()
        assert "打印机卡纸" in client.get(url).content.decode()
        assert FaultReport.objects.get().reported_by == agent

    def test_refuses_one_without_words(self, client, agent):
        answer = client.post(reverse("notices:faults"), {"kind": "system", "text": " "})

        assert answer.status_code == 422

    def test_is_taken_and_resolved(self, client, leader):
        fault = fault_by(leader)

        row = client.post(reverse("notices:fault_take", args=[fault.pk])).content.decode()
        assert f"fault-{fault.pk}" in row
        url = reverse("notices:fault_resolve", args=[fault.pk])
        assert client.get(url).status_code == 200
        assert client.post(url, {"resolution": ""}).status_code == 422
        assert client.post(url, {"resolution": "换了网线"}).status_code == 302

        fault.refresh_from_db()
        assert (fault.state, fault.taken_by) == ("resolved", leader)
        assert client.post(url, {"resolution": "换了网线"}).status_code == 422
        assert client.post(reverse("notices:fault_take", args=[fault.pk])).status_code == 422
        shown = client.get(reverse("notices:faults"), {"show": "all"}).content.decode()
        assert "换了网线" in shown

    def test_agents_may_not_resolve(self, client, agent):
        fault = fault_by(agent)

        for name in ("fault_take", "fault_resolve"):
            assert client.post(reverse(f"notices:{name}", args=[fault.pk])).status_code == 403

    def test_health_counts_the_open_ones(self, agent):
        assert faults_row(rail_request(agent))[0].state == "well"
        fault_by(agent)
        assert faults_row(rail_request(agent))[0].state == "near"
        assert str(Notice(text="x")) == "x"
