"""Shared by the tests of cases: the calendars of a new site."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory
from shouwen.cases.tests.make import a_receiver
from shouwen.deadlines.operations import install_calendars


@pytest.fixture
def calendars(db):
    install_calendars(by=system_staff())


@pytest.fixture
def department(db):
    return DepartmentFactory(name="客服中心")


@pytest.fixture
def receiver(calendars, department):
    """李敏, who takes the complaint."""
    return a_receiver(name="李敏", department=department)
