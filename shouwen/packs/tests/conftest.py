"""Shared by the tests of packs: calendars, and somebody who takes complaints."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory
from shouwen.cases.tests.make import a_receiver
from shouwen.deadlines.operations import install_calendars


@pytest.fixture
def receiver(db):
    """李敏, who takes the complaint."""
    install_calendars(by=system_staff())
    return a_receiver(name="李敏", department=DepartmentFactory(name="客服中心"))
