"""People join, change, leave; the directory."""

import pytest
from django.utils import timezone

from shouwen.accounts.models import PresenceState, Role
from shouwen.accounts.operations.reads import ReadNeedsReason, Subject, log_read
from shouwen.accounts.operations.roles import RoleBeyondOwn, install_roles
from shouwen.accounts.operations.staff import (
    LastAdministrator,
    NotYourself,
    StaffTaken,
    change_own_profile,
    change_staff,
    create_staff,
    deactivate_staff,
    reactivate_staff,
)
from shouwen.accounts.queries import (
    directory_gaps,
    group_card,
    managed_staff,
    presence_of,
    staff_directory,
    visible_staff,
)
from shouwen.accounts.queries.people import directory_entry
from shouwen.accounts.tests.factories import DepartmentFactory, RoleFactory, StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return StaffFactory(role="administrator")


def join(by, **fields):
    given = {"username": "WangFang", "staff_number": "KF9001", "name": "王芳"} | fields
    return create_staff(by=by, **given)


class TestCreateStaff:
    def test_can_be_found_by_name_sound_and_number(self, admin):
        staff = join(admin, display_name="小芳")
        for words in ("王", "wangfang", "wf", "小芳", "xf", "KF9001", "kf90"):
            assert list(staff_directory(admin, words=words)) == [staff], words
        assert staff.username == "wangfang"

    def test_without_a_password_nobody_can_sign_in(self, admin):
        assert not join(admin).has_usable_password()

    @pytest.mark.parametrize(
        "fields",
        [
            {"username": "other"},
            {"staff_number": "other"},
            {"staff_number": "o", "username": "o", "mail": "X@Example.com"},
        ],
    )
    def test_refuses_what_is_taken(self, admin, fields):
        join(admin, mail="x@example.com")
        with pytest.raises(StaffTaken):
            join(admin, **fields)

    def test_refuses_roles_beyond_ones_own(self):
        install_roles()
        manager = StaffFactory(role="service_manager")
        with pytest.raises(RoleBeyondOwn):
            join(manager, roles=[Role.objects.get(code="administrator")])
        with pytest.raises(RoleBeyondOwn):
            join(manager, roles=[Role.objects.get(code="general_manager")])
        assert join(manager, roles=[Role.objects.get(code="agent")]).may("accounts.see_staff")

    def test_refuses_who_may_not(self):
        with pytest.raises(NotPermitted):
            join(StaffFactory(role="agent"))


class TestChangeStaff:
    def test_changes_only_what_is_given_and_history_names_fields_not_values(self, admin):
        staff = join(admin)
        agent = RoleFactory(code="agent")
        change_staff(staff.pk, phone="13900001111", roles=[agent], by=admin)
        staff.refresh_from_db()
        assert (staff.phone, staff.name) == ("13900001111", "王芳")
        fact = history_of("staff", staff.pk)[0]
        assert fact.payload["fields"] == ["phone", "roles"]
        assert "13900001111" not in str(fact.payload)

    def test_the_last_administrator_stays_one(self, admin):
        with pytest.raises(LastAdministrator):
            change_staff(admin.pk, roles=[], by=admin)
        StaffFactory(role="administrator")
        change_staff(admin.pk, roles=[], by=admin)

    def test_a_manager_cannot_change_an_administrator(self, admin):
        with pytest.raises(RoleBeyondOwn):
            change_staff(admin.pk, name="x", by=StaffFactory(role="service_manager"))

    def test_a_manager_of_one_department_changes_nobody_outside(self):
        role = RoleFactory(permissions=["accounts.manage_staff"], reach="department")
        manager = StaffFactory(roles=[role], department=DepartmentFactory())
        inside = StaffFactory(department=manager.department)
        assert set(managed_staff(manager)) == {manager, inside}
        change_staff(inside.pk, name="新名", by=manager)
        with pytest.raises(NotPermitted):
            change_staff(StaffFactory().pk, name="新名", by=manager)

    def test_ones_own_profile_is_contact_data_only(self, admin):
        agent = StaffFactory(role="agent")
        change_own_profile(display_name="小王", reception_limit=99, is_active=False, by=agent)
        agent.refresh_from_db()
        assert (agent.display_name, agent.reception_limit, agent.is_active) == ("小王", 5, True)


class TestDeactivateStaff:
    def test_a_leaver_is_offline_and_may_come_back(self, admin):
        agent = StaffFactory(role="agent")
        deactivate_staff(agent.pk, at=timezone.now(), by=admin)
        agent.refresh_from_db()
        assert not agent.is_active
        assert presence_of(agent, at=timezone.now()).state == PresenceState.OFFLINE
        reactivate_staff(agent.pk, by=admin)
        agent.refresh_from_db()
        assert agent.is_active

    def test_refuses_oneself(self, admin):
        with pytest.raises(NotYourself):
            deactivate_staff(admin.pk, at=timezone.now(), by=admin)


class TestDirectory:
    @pytest.mark.duty("D302")
    def test_lists_regular_staff_without_phone_or_address(self, admin):
        without_phone = StaffFactory(phone="")
        without_address = StaffFactory(address="")
        StaffFactory(phone="", is_regular=False)
        StaffFactory(phone="", is_active=False)
        assert set(directory_gaps(admin)) == {without_phone, without_address}
        assert directory_entry(without_phone, admin).has_gap

    @pytest.mark.duty("D303")
    def test_the_group_card_is_one_line(self):
        staff = StaffFactory(
            name="王芳",
            display_name="小芳",
            staff_number="KF01",
            phone="13900001111",
            address="成都市",
            department=DepartmentFactory(name="客服部"),
        )
        assert group_card(staff) == "客服部-KF01-王芳(小芳)-13900001111-成都市"

    def test_hides_phone_and_address_from_who_has_no_business(self):
        one = StaffFactory()
        agent, leader = StaffFactory(role="agent"), StaffFactory(role="team_leader")
        assert directory_entry(one, agent).phone == ""
        assert directory_entry(one, agent).is_hidden
        assert directory_entry(one, leader).phone == one.phone
        assert directory_entry(agent, agent).phone == agent.phone

    def test_without_the_right_one_sees_oneself_only(self):
        nobody = StaffFactory()
        StaffFactory()
        assert list(visible_staff(nobody)) == [nobody]


class TestLogRead:
    def test_says_who_saw_what_of_whom_and_why(self, admin):
        subject = Subject("customer", 7, "李女士")
        read = log_read(subject, what="phone", reason="回电", at=timezone.now(), by=admin)
        assert (read.staff, read.subject_id, read.what, read.reason) == (admin, 7, "phone", "回电")

    def test_refuses_no_reason(self, admin):
        with pytest.raises(ReadNeedsReason):
            log_read(Subject("customer", 7), what="phone", reason=" ", at=timezone.now(), by=admin)
