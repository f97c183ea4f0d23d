"""Staff, roles and reach as others rely on them."""

import pytest

from shouwen.accounts.models import Department
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.queries import company, system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, RoleFactory, StaffFactory
from shouwen.core.errors import NotPermitted

pytestmark = pytest.mark.django_db


class TestStaff:
    def test_may_what_a_role_holds_and_nothing_else(self):
        agent = StaffFactory(role="agent")

        assert agent.may(AccountsPermission.SEE_STAFF)
        assert not agent.may(AccountsPermission.MANAGE_ROLES)

    def test_a_leaver_may_nothing(self):
        assert not StaffFactory(role="administrator", is_active=False).may("accounts.see_staff")

    def test_an_administrator_may_everything_also_what_comes_later(self):
        assert StaffFactory(role="administrator").may("later.part")

    def test_reach_covers_the_own_department_and_those_below(self):
        top = DepartmentFactory()
        below = DepartmentFactory(parent=top)
        beside = DepartmentFactory()
        supervisor = StaffFactory(role="supervisor", department=top)

        assert set(supervisor.reach_departments()) == {top, below}
        assert beside not in supervisor.reach_departments()
        assert set(StaffFactory(role="service_manager").reach_departments()) == set(
            Department.objects.all()
        )
        assert not StaffFactory(
            roles=[RoleFactory(reach="own")], department=top
        ).reach_departments()

    @pytest.mark.duty("D496")
    def test_agents_are_split_by_order_stage(self):
        assert StaffFactory(role="presale_agent").order_stages() == {"presale"}
        assert StaffFactory(role="aftersale_agent").order_stages() == {"aftersale"}
        assert StaffFactory(role="agent").order_stages() == set()

    def test_customers_see_the_display_name(self):
        assert StaffFactory(name="王芳", display_name="小芳").public_name == "小芳"
        assert StaffFactory(name="王芳").public_name == "王芳"


class TestRequire:
    def test_names_what_is_missing(self):
        with pytest.raises(NotPermitted) as refusal:
            require(StaffFactory(role="agent"), AccountsPermission.MANAGE_ROLES)
        assert "角色" in str(refusal.value) or "roles" in str(refusal.value)


class TestSingleRows:
    def test_the_system_is_one_member_of_staff(self):
        assert system_staff() == system_staff()
        assert system_staff().may("anything.at_all")
        assert not system_staff().has_usable_password()

    def test_the_company_is_one_row(self):
        assert company() == company()
