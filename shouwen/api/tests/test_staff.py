"""Staff over the API: reach and masking as on the pages."""

import pytest

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, key_for):
    def send(staff, path=""):
        headers = {"Authorization": f"Bearer {key_for(staff)}"}
        answer = client.get(f"/api/v1/staff{path}", headers=headers)
        return answer.status_code, answer.json()

    return send


def test_lists_colleagues_in_pages(ask):
    reader = StaffFactory(role="administrator")
    for _one in range(3):
        StaffFactory(role="agent")

    _status, first = ask(reader, "?size=2")
    _status, second = ask(reader, f"?size=2&after={first['next']}")

    assert len(first["items"] + second["items"]) == 4
    assert second["next"] == ""


def test_finds_by_name_and_shows_the_post(ask):
    reader = StaffFactory(role="administrator")
    StaffFactory(name="李敏", role="agent", department=DepartmentFactory(name="客户服务部"))

    status, found = ask(reader, "?q=李敏")

    assert status == 200
    assert [(one["name"], one["department"], one["roles"]) for one in found["items"]] == [
        ("李敏", "客户服务部", ["agent"])
    ]


def test_private_details_are_hidden_from_agents(ask):
    department = DepartmentFactory()
    reader = StaffFactory(role="agent", department=department)
    other = StaffFactory(role="agent", department=department, phone="13900001234")

    _status, seen = ask(reader, f"/{other.pk}")
    _status, own = ask(reader, f"/{reader.pk}")

    assert (seen["phone"], seen["mail"]) == ("", "")
    assert own["phone"] == reader.phone


def test_who_is_not_there_is_not_found(ask):
    assert ask(StaffFactory(role="agent"), "/0")[0] == 404


def test_without_the_permission_nothing_is_told(ask):
    assert ask(StaffFactory())[0] == 403
    assert ask(StaffFactory(), "/departments")[0] == 403


def test_the_department_tree(ask):
    parent = DepartmentFactory(name="总部")
    DepartmentFactory(name="客服", parent=parent)

    _status, tree = ask(StaffFactory(role="administrator"), "/departments")

    assert [one["name"] for one in tree] == ["总部", "客服"]
    assert tree[1]["parent_id"] == parent.pk
