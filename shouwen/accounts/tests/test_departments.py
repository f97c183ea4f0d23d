"""The tree of the organisation and who answers for what."""

import pytest

from shouwen.accounts.models import Department
from shouwen.accounts.operations.departments import (
    DepartmentCodeTaken,
    DepartmentInItself,
    DepartmentNotEmpty,
    ServiceUnderAdministration,
    change_company,
    change_department,
    close_department,
    create_department,
    found_departments,
)
from shouwen.accounts.queries import (
    company,
    department_tree,
    hotline_department,
    responsible_department,
)
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted

pytestmark = pytest.mark.django_db
F = Department.Function


@pytest.fixture
def admin():
    return StaffFactory(role="administrator")


def make(by, code, parent=None, function=F.OTHER):
    return create_department(code=code, name=code, function=function, parent=parent, by=by)


class TestTree:
    def test_a_moved_department_takes_everything_below_along(self, admin):
        first, second = make(admin, "a"), make(admin, "b")
        middle = make(admin, "c", parent=first)
        leaf = make(admin, "d", parent=middle)

        change_department(middle.pk, name="c", function=F.OTHER, parent=second, by=admin)

        assert set(Department.objects.under(second)) == {second, middle, leaf}
        assert set(Department.objects.under(first)) == {first}
        assert Department.objects.get(pk=leaf.pk).depth == 2

    @pytest.mark.duty("D248")
    def test_service_is_its_own_unit_not_under_administration(self, admin):
        office = make(admin, "office", function=F.ADMINISTRATION)
        with pytest.raises(ServiceUnderAdministration):
            make(admin, "service", parent=office, function=F.SERVICE)
        house = make(admin, "house")
        make(admin, "desk", parent=house, function=F.SERVICE)
        with pytest.raises(ServiceUnderAdministration):
            change_department(house.pk, name="h", function=F.OTHER, parent=office, by=admin)
        with pytest.raises(ServiceUnderAdministration):
            change_department(house.pk, name="h", function=F.ADMINISTRATION, parent=None, by=admin)

    def test_refuses_a_place_below_itself(self, admin):
        top = make(admin, "top")
        below = make(admin, "below", parent=top)
        with pytest.raises(DepartmentInItself):
            change_department(top.pk, name="t", function=F.OTHER, parent=below, by=admin)

    def test_refuses_a_taken_code_and_who_may_not(self, admin):
        make(admin, "top")
        with pytest.raises(DepartmentCodeTaken):
            make(admin, "top")
        with pytest.raises(NotPermitted):
            make(StaffFactory(role="agent"), "x")

    def test_closes_only_when_empty(self, admin):
        top = make(admin, "top")
        person = StaffFactory(department=top)
        with pytest.raises(DepartmentNotEmpty):
            close_department(top.pk, by=admin)
        person.department = None
        person.save()
        assert not close_department(top.pk, by=admin).is_active

    def test_counts_heads(self, admin):
        top = make(admin, "top")
        StaffFactory(department=top)
        StaffFactory(department=top, is_active=False)
        assert [one.head_count for one in department_tree(admin)] == [1]


class TestFoundDepartments:
    def test_twice_changes_nothing(self, admin):
        assert found_departments(by=admin)
        assert found_departments(by=admin) == []

    @pytest.mark.duty("D695")
    def test_property_complaints_belong_to_property_service(self, admin):
        found_departments(trade="property", by=admin)
        assert responsible_department("property_complaints").name == "物业客服部"

    @pytest.mark.duty("D254", "D568")
    def test_hotline_and_complaints_belong_to_whom_the_company_says(self, admin):
        found_departments(by=admin)
        marketing = Department.objects.get(code="marketing")
        assert hotline_department().code == "service"
        assert responsible_department().code == "service"
        assert responsible_department("property_complaints").code == "service"

        change_company(hotline_department=marketing, complaint_department=marketing, by=admin)

        assert hotline_department() == marketing
        assert responsible_department() == marketing
        assert company().time_zone == "Asia/Shanghai"

    def test_the_company_is_changed_only_by_who_may(self):
        with pytest.raises(NotPermitted):
            change_company(name="x", by=StaffFactory(role="supervisor"))
