"""Who is told that a case changed: whose department, whose hands, whom it was asked first."""

import pytest

from shouwen.accounts.tests.factories import DepartmentFactory
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.tests.make import AT, a_case, a_receiver
from shouwen.core.live import Nudge, nudges_held

pytestmark = pytest.mark.django_db


def test_department_and_people_hear_of_it_and_nobody_else(django_capture_on_commit_callbacks):
    receiver, colleague = a_receiver(department=DepartmentFactory()), a_receiver()
    case = a_case(receiver)

    with nudges_held() as told, django_capture_on_commit_callbacks(execute=True):
        accept_case(case.pk, by=receiver, at=AT)

    heard = {one for one in told if one.name == "case"}
    assert heard == {
        Nudge(f"department:{case.department_id}", "case", case.pk),
        Nudge(f"staff:{receiver.pk}", "case", case.pk),
    }
    assert f"staff:{colleague.pk}" not in {one.topic for one in heard}


def test_lists_are_told_once_of_new_cases(django_capture_on_commit_callbacks):
    receiver = a_receiver(department=DepartmentFactory())

    with nudges_held() as told, django_capture_on_commit_callbacks(execute=True):
        a_case(receiver)

    assert {one.id for one in told if one.name == "case"} == {0}
