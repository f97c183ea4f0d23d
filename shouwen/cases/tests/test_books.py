"""Pages of incidents and of misconduct: who may, what is shown, what is done."""

import pytest
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Incident, Misconduct
from shouwen.cases.operations.conduct import WrongSeen, grade_misconduct, report_misconduct
from shouwen.cases.operations.relating import IncidentDraft, declare_incident, leave_incident
from shouwen.cases.tests.make import AT, a_case, a_kind, a_receiver, facts
from shouwen.core.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, receiver):
    client.force_login(receiver)
    return client


@pytest.fixture
def cases(receiver):
    kind = a_kind()
    return [a_case(receiver, kind=kind, matter=f"停电{n}") for n in range(3)]


@pytest.fixture
def incident(receiver, cases):
    draft = IncidentDraft(title="3栋停电", event_type="停电", found_at=AT)
    return declare_incident(draft, case_ids=[cases[0].pk], by=receiver, at=AT)


def post(client, path, **given):
    return client.post(path, given)


class TestIncidents:
    def test_are_declared_from_the_list_with_their_cases(self, signed_in, cases):
        assert "sw-empty" in signed_in.get("/cases/incidents/").content.decode()

        done = post(
            signed_in,
            "/cases/incidents/new/",
            title="3栋停电",
            found_at="2026-11-22T10:00",
            numbers=f"{cases[0].number}、{cases[1].number}",
        )

        incident = Incident.objects.get()
        assert done.status_code == 204
        assert set(incident.cases.all()) == set(cases[:2])
        shown = signed_in.get("/cases/incidents/").content.decode()
        assert incident.number in shown

    def test_an_unknown_number_is_named(self, signed_in, incident):
        done = post(signed_in, f"/cases/incidents/{incident.pk}/join/", numbers="TS-202601-9999")

        assert done.status_code == 422
        assert "TS-202601-9999" in done.content.decode()

    @pytest.mark.duty("D260")
    def test_one_message_stands_on_all_and_each_counts_by_itself(self, signed_in, incident, cases):
        post(signed_in, f"/cases/incidents/{incident.pk}/join/", numbers=cases[1].number)
        post(signed_in, f"/cases/incidents/{incident.pk}/tell/", text="预计五点恢复")
        post(signed_in, f"/cases/incidents/{incident.pk}/end/", result="换了变压器")

        shown = signed_in.get(f"/cases/incidents/{incident.pk}/").content.decode()
        for words in ("预计五点恢复", "换了变压器", cases[0].number, cases[1].number):
            assert words in shown
        assert cases[2].number not in shown
        assert cases[0].progress.get().text == "预计五点恢复"

    def test_cases_of_others_are_counted_but_not_shown(self, client, incident, cases):
        stranger = a_receiver(department=DepartmentFactory())
        client.force_login(stranger)

        shown = client.get(f"/cases/incidents/{incident.pk}/").content.decode()

        assert cases[0].number not in shown
        assert "case-hidden" in shown

    def test_a_case_joins_and_leaves_from_its_own_page(self, signed_in, incident, cases):
        path = f"/cases/{cases[1].pk}/incident/"
        assert incident.number in signed_in.get(path).content.decode()

        post(signed_in, path, incident=incident.pk)
        assert incident.cases.count() == 2
        assert incident.number in signed_in.get(f"/cases/{cases[1].pk}/").content.decode()
        post(signed_in, path)

        assert incident.cases.count() == 1
        assert "CaseLeftIncident" in facts(cases[1])

    def test_a_case_of_none_cannot_leave(self, receiver, cases):
        with pytest.raises(Refused):
            leave_incident(cases[2].pk, by=receiver)

    def test_colleagues_who_handle_none_are_refused(self, client):
        client.force_login(StaffFactory(role="technician"))

        assert client.get("/cases/incidents/").status_code == 403


class TestConduct:
    @pytest.fixture
    def manager(self, receiver):
        return StaffFactory(role="service_manager", department=receiver.department)

    @pytest.fixture
    def accused(self, receiver):
        return StaffFactory(role="agent", department=receiver.department, name="贾某")

    @pytest.fixture
    def wrong(self, receiver, accused):
        seen = WrongSeen(staff=accused, kind="concealed", text="投诉没有登记")
        return report_misconduct(seen, by=receiver, at=timezone.now())

    @pytest.mark.duty("D704", "D640")
    def test_is_reported_by_anybody_at_work(self, signed_in, accused, cases):
        assert "sw-empty" in signed_in.get("/cases/conduct/").content.decode()

        done = post(
            signed_in,
            "/cases/conduct/new/",
            staff=accused.pk,
            kind="bribe",
            text="收了业主的卡",
            number=cases[0].number.lower(),
        )

        assert done.status_code == 204
        assert Misconduct.objects.get().case == cases[0]
        assert "收了业主的卡" in signed_in.get("/cases/conduct/").content.decode()

    def test_an_unknown_case_is_named(self, signed_in, accused):
        done = post(
            signed_in,
            "/cases/conduct/new/",
            staff=accused.pk,
            kind="bribe",
            text="x",
            number="TS-1",
        )

        assert done.status_code == 422

    def test_the_person_concerned_reads_nothing(self, client, wrong, accused, manager):
        client.force_login(accused)
        assert wrong.text not in client.get("/cases/conduct/").content.decode()

        about_boss = WrongSeen(staff=manager, kind="favour", text="偏袒亲戚")
        row = report_misconduct(about_boss, by=accused, at=timezone.now())
        client.force_login(manager)
        assert "偏袒亲戚" not in client.get("/cases/conduct/").content.decode()
        assert client.get(f"/cases/conduct/{row.pk}/grade/").status_code == 404

    @pytest.mark.duty("D641")
    def test_one_grades_it_and_another_approves(self, client, wrong, manager, receiver):
        client.force_login(manager)
        post(client, f"/cases/conduct/{wrong.pk}/grade/", grade=2, reason="情节严重")
        refused = post(client, f"/cases/conduct/{wrong.pk}/approve/")
        assert refused.status_code == 422

        client.force_login(StaffFactory(role="general_manager"))
        done = post(client, f"/cases/conduct/{wrong.pk}/approve/")

        wrong.refresh_from_db()
        assert done.status_code == 204
        assert (wrong.grade, wrong.approved_at is not None) == (2, True)

    def test_who_reported_does_not_read_the_grade(self, signed_in, wrong, manager):
        grade_misconduct(wrong.pk, grade=3, reason="影响恶劣", by=manager)

        assert "影响恶劣" not in signed_in.get("/cases/conduct/").content.decode()
        assert signed_in.get(f"/cases/conduct/{wrong.pk}/grade/").status_code == 403
