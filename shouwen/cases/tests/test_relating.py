"""Links, merges, incidents, misconduct."""

from datetime import timedelta

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.models import Case, CaseLink, Incident
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.conduct import (
    WrongSeen,
    approve_grade,
    grade_misconduct,
    report_misconduct,
)
from shouwen.cases.operations.relating import (
    IncidentDraft,
    declare_incident,
    end_incident,
    join_incident,
    link_cases,
    merge_case,
    tell_incident,
    unmerge_case,
)
from shouwen.cases.tests.make import AT, a_case, a_kind, archived, facts
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.history import history_of
from shouwen.deadlines.queries import deadlines_of

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def boss(receiver):
    return StaffFactory(role="supervisor", department=receiver.department)


class TestLink:
    def test_ties_two_once_whichever_way(self, receiver):
        kind = a_kind()
        one, other = (a_case(receiver, kind=kind) for _number in range(2))

        link_cases(one.pk, other_id=other.pk, kind="related", by=receiver, at=AT)
        link_cases(other.pk, other_id=one.pk, kind="duplicate", by=receiver, at=AT)

        assert CaseLink.objects.get().kind == "related"
        assert "CaseLinked" in facts(one)
        with pytest.raises(Refused):
            link_cases(one.pk, other_id=one.pk, kind="related", by=receiver, at=AT)


class TestMerge:
    def test_goes_on_inside_the_other_and_can_be_undone(self, receiver, boss):
        kind = a_kind()
        one = a_case(receiver, kind=kind)
        twin = accept_case(
            a_case(receiver, kind=kind, customer=one.customer).pk, by=receiver, at=AT
        )

        merge_case(twin.pk, into_id=one.pk, by=boss, at=LATER)
        twin.refresh_from_db()
        assert (twin.merged_into, twin.is_closed) == (one, True)
        assert not deadlines_of("case", twin.pk).running().exists()

        unmerge_case(twin.pk, by=boss, at=LATER)
        twin.refresh_from_db()
        assert (twin.merged_into, twin.is_closed, twin.stage) == (None, False, "handle")
        assert deadlines_of("case", twin.pk).running().exists()
        assert facts(twin)[-2:] == ["CaseMerged", "CaseUnmerged"]

    @pytest.mark.duty("D212")
    def test_a_suggestion_never_becomes_a_complaint(self, receiver, boss):
        suggestion = a_kind(code="suggestion", prefix="JY", is_complaint=False, name="建议")
        complaint = a_case(receiver, kind=a_kind())
        idea = a_case(receiver, kind=suggestion, customer=complaint.customer)

        with pytest.raises(Refused):
            merge_case(idea.pk, into_id=complaint.pk, by=boss, at=AT)
        assert list(Case.objects.complaints()) == [complaint]

    def test_refuses_another_customer_itself_and_the_archive(self, receiver, boss):
        kind = a_kind()
        one, stranger = (a_case(receiver, kind=kind) for _number in range(2))
        done = archived(a_case(receiver, kind=kind, customer=one.customer), receiver)

        for other in (stranger, one, done):
            with pytest.raises(Refused):
                merge_case(one.pk, into_id=other.pk, by=boss, at=AT)
        with pytest.raises(NotPermitted):
            merge_case(one.pk, into_id=stranger.pk, by=receiver, at=AT)


class TestIncident:
    def test_one_message_to_all_and_each_counted_by_itself(self, receiver):
        kind = a_kind()
        cases = [a_case(receiver, kind=kind) for _number in range(3)]
        draft = IncidentDraft(title="3栋电梯停运", found_at=AT)

        incident = declare_incident(draft, case_ids=[cases[0].pk], by=receiver, at=AT)
        join_incident(incident.pk, case_ids=[one.pk for one in cases], by=receiver)
        told = tell_incident(incident.pk, text="预计五点恢复", by=receiver, at=LATER)

        assert (told, incident.cases.count()) == (3, 3)
        assert all(one.progress.get().text == "预计五点恢复" for one in cases)
        end_incident(incident.pk, result="已恢复", by=receiver, at=LATER)
        with pytest.raises(Refused):
            tell_incident(incident.pk, text="再说一句", by=receiver, at=LATER)
        names = history_of("incident", incident.pk).order_by("pk").values_list("name", flat=True)
        told_names = [name.partition(".")[2] for name in names]
        grew = ["IncidentGrew", "IncidentGrew"]
        assert told_names == ["IncidentDeclared", *grew, "IncidentTold", "IncidentEnded"]
        assert Incident.objects.get().result == "已恢复"


class TestMisconduct:
    @pytest.mark.duty("D075", "D640", "D641", "D704")
    def test_is_graded_by_one_and_approved_by_another(self, receiver):
        manager, director = (StaffFactory(role="service_manager") for _number in range(2))
        seen = WrongSeen(staff=StaffFactory(role="agent"), kind="concealed", text="投诉未登记")
        wrong = report_misconduct(seen, by=receiver, at=AT)

        with pytest.raises(NotPermitted):
            grade_misconduct(wrong.pk, grade=1, reason="初犯", by=receiver)
        with pytest.raises(Refused):
            approve_grade(wrong.pk, by=director, at=AT)
        grade_misconduct(wrong.pk, grade=2, reason="情节严重", by=manager)
        with pytest.raises(NotPermitted):
            approve_grade(wrong.pk, by=manager, at=AT)
        approved = approve_grade(wrong.pk, by=director, at=LATER)

        assert (approved.grade, approved.approved_by) == (2, director)
        with pytest.raises(Refused):
            grade_misconduct(wrong.pk, grade=1, reason="改轻", by=manager)
        names = history_of("misconduct", wrong.pk).order_by("pk").values_list("name", flat=True)
        assert list(names) == [
            "cases.MisconductReported",
            "cases.MisconductGraded",
            "cases.MisconductGraded",
        ]

    def test_nobody_judges_himself(self):
        manager = StaffFactory(role="service_manager")
        seen = WrongSeen(staff=manager, kind="bribe", text="收礼")
        wrong = report_misconduct(seen, by=manager, at=AT)

        with pytest.raises(NotPermitted):
            grade_misconduct(wrong.pk, grade=1, reason="没事", by=manager)
