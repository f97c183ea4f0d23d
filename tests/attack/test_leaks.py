"""Ways round the pages: what notices tell (ASVS V8.2.2), and what a person may make of himself (V8.3.1, V15.3.3)."""

import pytest
from django.test import Client

from shouwen.accounts.models import Role, Staff
from shouwen.accounts.tests.factories import RoleFactory, StaffFactory
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.lines import NewLine
from shouwen.conversations.tests.make import post
from shouwen.core.jobs import run_waiting_jobs
from shouwen.notices.models import Notice
from tests.attack.world import make_world

pytestmark = pytest.mark.django_db


def test_a_note_reaches_nobody_who_may_not_read_it():
    world = make_world()
    north, south = world.sides["north"], world.sides["south"]
    talk = Conversation.objects.get(pk=north.things["conversation_id"])
    near, far = north.staff["supervisor"], south.staff["agent"]

    post(
        NewLine(
            conversation_id=talk.pk,
            kind=Line.Kind.NOTE,
            text="北密机要",
            by=north.staff["agent"],
            author_name="员工",
            meta={"mentions": [near.pk, far.pk]},
        )
    )
    run_waiting_jobs()

    told = Notice.objects.filter(kind="conversations.mention")
    assert [one.staff_id for one in told] == [near.pk]


class TestMassAssignment:
    """V15.3.3: what a form does not ask for is not taken."""

    FORGED = {
        "is_active": "",
        "is_system": "on",
        "is_superuser": "on",
        "roles": "1",
        "department": "1",
        "username": "root",
        "password": "x",
        "created_at": "2020-01-01",
        "reception_limit": "999",
        "staff_number": "0001",
    }

    def test_ones_own_profile_gives_no_rights(self, client: Client):
        agent = StaffFactory(role="agent")
        RoleFactory(code="administrator")
        client.force_login(agent)
        before = Staff.objects.filter(pk=agent.pk).values().get()

        client.post("/me/", self.FORGED | {"name": "新名", "display_name": "小新"})

        after = Staff.objects.filter(pk=agent.pk).values().get()
        kept = {name.removesuffix("_id") for name in before} & set(self.FORGED)
        kept |= {"department_id", "password", "is_system", "sort_key"} & set(before) - {"sort_key"}
        assert {name: after.get(name) for name in kept} == {name: before.get(name) for name in kept}
        assert [role.code for role in agent.roles.all()] == ["agent"]

    @pytest.mark.parametrize("role", ["service_manager", "general_manager", "institution_head"])
    def test_nobody_gives_more_than_he_has(self, client: Client, role: str):
        manager = StaffFactory(role=role)
        administrator = RoleFactory(code="administrator")
        client.force_login(manager)
        fields = {
            "name": manager.name,
            "staff_number": manager.staff_number,
            "reception_limit": 5,
            "roles": [administrator.pk],
        }

        client.post(f"/staff/{manager.pk}/", fields)
        client.post(
            "/staff/new/",
            fields | {"username": "second", "staff_number": "9999", "password": "correct horse 9"},
        )
        client.post(
            f"/roles/{manager.roles.get().pk}/",
            {"permissions": ["api.manage_keys"], "reach": "all"},
        )

        assert not Staff.objects.filter(roles=administrator).exists()
        held = set(Role.objects.get(code=role).permissions)
        assert held <= set(manager.roles.get().permissions)
