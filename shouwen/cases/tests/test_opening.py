"""Cases are registered whole, or not at all."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from shouwen.accounts.tests.factories import DepartmentFactory
from shouwen.cases.models import Case, CaseCategory
from shouwen.cases.operations.opening import FormChange, change_case_form, open_cases
from shouwen.cases.queries.cases import cases_with, visible_cases
from shouwen.cases.queries.lists import cases_in_tab
from shouwen.cases.refusals import FormIncomplete, ValueUnfit
from shouwen.cases.tests.make import AT, VALUES, a_case, a_kind, a_receiver, archived, facts
from shouwen.core.errors import NotPermitted, Refused
from shouwen.deadlines.queries import running_deadline

pytestmark = pytest.mark.django_db


class TestOpenCase:
    @pytest.mark.duty("D001", "D079")
    def test_gives_number_owner_first_responder_and_clock(self, receiver):
        case = a_case(receiver)

        assert case.number == "TS-202611-0001"
        assert case.department == receiver.department
        assert case.first_responder == receiver
        assert case.stage == Case.Stage.ACCEPT
        assert case.due_at == AT + timedelta(minutes=30)
        assert running_deadline("case", case.pk, "accept")
        assert facts(case) == ["CaseOpened"]
        assert list(visible_cases(receiver)) == [case]

    def test_without_any_calendar_the_clock_counts_around_the_clock(self, department):
        case = a_case(a_receiver(department=department))

        assert case.due_at == AT + timedelta(minutes=30)

    @pytest.mark.duty("D684", "D685")
    @pytest.mark.parametrize("missing", ["area", "room", "phone"])
    def test_refuses_a_form_that_lacks_a_required_field(self, receiver, missing):
        values = {code: value for code, value in VALUES.items() if code != missing}

        with pytest.raises(FormIncomplete) as refusal:
            a_case(receiver, values=values)

        assert refusal.value.missing == (missing,)
        assert not Case.objects.exists()

    @pytest.mark.duty("D685")
    @pytest.mark.parametrize("field", ["matter", "demand"])
    def test_refuses_a_complaint_without_matter_or_demand(self, receiver, field):
        with pytest.raises(Refused):
            a_case(receiver, **{field: "  "})

    @pytest.mark.parametrize(
        ("code", "value"),
        [("phone", "没有"), ("fee", "很多"), ("fee", "NaN"), ("fee", "1e99"), ("colour", "红")],
    )
    def test_refuses_a_value_its_field_cannot_hold(self, receiver, code, value):
        with pytest.raises(ValueUnfit) as refusal:
            a_case(receiver, values={**VALUES, code: value})

        assert refusal.value.field == code

    def test_refuses_who_may_not_open_cases(self, calendars, department):
        with pytest.raises(NotPermitted):
            a_case(a_receiver(role="warehouse", department=department))

    def test_refuses_a_department_that_no_longer_exists(self, receiver):
        gone = DepartmentFactory(is_active=False)

        with pytest.raises(Refused, match=gone.name):
            a_case(receiver, department=gone)

    def test_takes_many_at_once_or_none(self, receiver):
        kind = a_kind()
        good = a_case(receiver, kind=kind)

        with pytest.raises(Refused), transaction.atomic():
            a_case(receiver, kind=kind, values={})

        assert list(Case.objects.all()) == [good]
        assert open_cases([], by=receiver, at=AT) == []

    def test_the_database_keeps_the_first_responder(self, receiver):
        case = a_case(receiver)

        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(first_responder=a_receiver())

    @pytest.mark.duty("D646")
    def test_counts_the_same_trouble_at_the_same_place(self, receiver):
        kind = a_kind()
        lift = CaseCategory.objects.get(kind=kind, code="lift")
        archived(a_case(receiver, kind=kind, category=lift), receiver)
        elsewhere = {**VALUES, "room": "1103"}
        a_case(receiver, kind=kind, category=lift, values=elsewhere, at=AT + timedelta(days=1))

        again = a_case(receiver, kind=kind, category=lift, at=AT + timedelta(days=20))
        long_after = a_case(receiver, kind=kind, category=lift, at=AT + timedelta(days=60))

        assert (again.place, again.recurrence) == ("3栋/1102", 2)
        assert long_after.recurrence == 1


class TestChangeCaseForm:
    def test_says_in_history_what_was_changed(self, receiver):
        case = a_case(receiver)

        change_case_form(
            case.pk, FormChange(demand="请说明原因", title="电梯停运"), by=receiver, at=AT
        )

        case.refresh_from_db()
        assert (case.demand, case.title) == ("请说明原因", "电梯停运")
        assert facts(case)[-1] == "CaseFormChanged"
        assert list(cases_with(receiver, "说明原因")) == [case]

    def test_refuses_to_empty_a_required_field(self, receiver):
        case = a_case(receiver)

        with pytest.raises(FormIncomplete):
            change_case_form(case.pk, FormChange(values={"area": "3栋"}), by=receiver, at=AT)

    def test_writes_nothing_when_nothing_differs(self, receiver):
        case = a_case(receiver)

        change_case_form(case.pk, FormChange(demand=case.demand), by=receiver, at=AT)

        assert facts(case) == ["CaseOpened"]


@pytest.mark.duty("D696")
def test_shows_what_nobody_has_accepted_oldest_first(receiver):
    kind = a_kind()
    newer = a_case(receiver, kind=kind, at=AT)
    older = a_case(receiver, kind=kind, at=AT - timedelta(hours=3))

    assert list(cases_in_tab(receiver, "unaccepted", at=AT)) == [older, newer]
