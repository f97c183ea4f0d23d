"""A list of staff to take out, and who may."""

import pytest

from shouwen.accounts.models import Staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.exports import registry
from shouwen.exports.registry import Exportable, register_exportable

SEES, CLEAR = "accounts.see_staff", "accounts.see_private_details"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    return register_exportable(
        Exportable(
            name="people",
            label="People",
            permission=SEES,
            clear_permission=CLEAR,
            columns=("Name", "Phone"),
            rows=lambda staff, asked, at: Staff.objects.people().filter(
                name__contains=asked.get("q", "")
            ),
            cells=lambda rows, staff, is_clear: (
                [one.name, one.phone if is_clear else "***"] for one in rows
            ),
        )
    )


@pytest.fixture
def exporter(people):
    return StaffFactory(
        permissions=["exports.export", SEES], department=DepartmentFactory(), name="导出人"
    )


@pytest.fixture
def trusted(people):
    return StaffFactory(permissions=["exports.export", SEES, CLEAR], phone="13817217719")
