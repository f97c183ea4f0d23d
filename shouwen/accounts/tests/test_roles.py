"""Roles: installed, edited, never beyond one's own."""

import re
from pathlib import Path

import pytest

from shouwen.accounts.models import Role
from shouwen.accounts.operations.roles import (
    RoleBeyondOwn,
    RoleTaken,
    change_role,
    create_role,
    install_roles,
)
from shouwen.accounts.permissions import (
    AccountsPermission,
    permission_label,
    register_permissions,
)
from shouwen.accounts.queries import permission_matrix, roles_with_holders
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of

pytestmark = pytest.mark.django_db
P = AccountsPermission


@pytest.fixture
def admin():
    return StaffFactory(role="administrator")


class TestInstallRoles:
    @pytest.mark.duty("D537", "D258")
    def test_makes_every_post_of_a_call_centre(self):
        install_roles()

        codes = set(Role.objects.values_list("code", flat=True))
        assert codes >= {
            "front_desk",
            "back_office",
            "team_leader",
            "shift_leader",
            "quality_inspector",
            "service_manager",
            "phone_agent",
        }
        assert "complaints" in Role.objects.get(code="phone_agent").description or (
            "投诉" in Role.objects.get(code="phone_agent").description
        )

    def test_twice_changes_nothing(self):
        install_roles()
        before = list(Role.objects.order_by("code").values())
        assert install_roles() == []
        assert list(Role.objects.order_by("code").values()) == before

    def test_keeps_what_a_site_edited_and_adds_only_what_is_new(self, admin):
        install_roles()
        agent = Role.objects.get(code="agent")
        change_role(agent.pk, permissions=[], given_name="客服小二", by=admin)

        install_roles()

        agent.refresh_from_db()
        assert agent.permissions == []
        assert agent.name == "客服小二"

        Role.objects.filter(code="agent").update(offered=[])
        install_roles()
        agent.refresh_from_db()
        assert str(P.SEE_STAFF) in agent.permissions


class TestChangeRole:
    def test_sets_exactly_these_permissions_and_says_so_in_history(self, admin):
        role = create_role(code="night", name="夜班", reach="own", by=admin)
        change_role(role.pk, permissions=[P.SEE_STAFF, "no.such"], by=admin)

        role.refresh_from_db()
        assert role.permissions == [str(P.SEE_STAFF)]
        assert history_of("role", role.pk)[0].payload["added"] == [str(P.SEE_STAFF)]

    def test_refuses_who_may_not(self):
        with pytest.raises(NotPermitted):
            create_role(code="x", name="x", reach="own", by=StaffFactory(role="agent"))

    def test_refuses_a_code_that_is_taken(self, admin):
        with pytest.raises(RoleTaken):
            create_role(code="administrator", name="x", reach="own", by=admin)

    def test_nobody_gives_away_what_they_do_not_have(self, admin):
        role = create_role(code="night", name="夜班", reach="own", by=admin)
        keeper = StaffFactory(permissions=[P.MANAGE_ROLES])
        with pytest.raises(RoleBeyondOwn):
            change_role(role.pk, permissions=[P.MANAGE_STAFF], by=keeper)
        with pytest.raises(RoleBeyondOwn):
            change_role(Role.objects.get(code="administrator").pk, given_name="x", by=keeper)


class TestPermissionMatrix:
    def test_says_in_words_who_may_what(self, admin):
        install_roles()
        agent = Role.objects.get(code="agent")
        sections = permission_matrix([agent, Role.objects.get(code="administrator")])

        lines = {line.permission: line for section in sections for line in section.lines}
        assert lines[str(P.SEE_STAFF)].held == [True, True]
        assert lines[str(P.MANAGE_ROLES)].held == [False, True]
        assert [role.holders for role in roles_with_holders() if role.code == "administrator"] == [
            [admin]
        ]

    def test_every_permission_needs_words(self):
        from enum import StrEnum

        class Nameless(StrEnum):
            ONE = "nameless.one"

        with pytest.raises(ValueError, match="nameless"):
            register_permissions("nameless", Nameless, {}, {})

    def test_an_unknown_permission_is_shown_by_its_name(self):
        assert permission_label("gone.away") == "gone.away"


def test_every_permission_asked_for_in_this_part_exists():
    folder = Path(__file__).resolve().parent.parent
    asked = set(
        re.findall(
            r"AccountsPermission\.([A-Z_]+)",
            "".join(path.read_text() for path in folder.rglob("*.py")),
        )
    )
    assert asked <= set(P.__members__)
