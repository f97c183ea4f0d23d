"""The contacts as a file: the rows of the list, masked like it, and over the API the same."""

import csv
import io

import pytest
from django.utils import timezone, translation

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import WrapUp
from shouwen.conversations.queries.workspace import Wanted, page_of_tab
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import sign_in
from shouwen.core.files import read_raw
from shouwen.customers.operations import add_contact_point
from shouwen.exports.operations import ask_export, build_export

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return StaffFactory(role="team_leader", department=DepartmentFactory())


@pytest.fixture
def talk(leader):
    queue = QueueFactory(department=leader.department)
    one = ConversationFactory(
        queue=queue, handler=leader, customer__name="=周玉兰", last_line_text="+电梯"
    )
    add_contact_point(one.customer_id, kind="phone", value="13817217719", by=leader)
    WrapUp.objects.create(conversation=one, by=leader, demand="电梯停了")
    return one


def rows(by, **given):
    export = ask_export("contacts", by=by, file_format="csv", **given)
    with translation.override("en"):
        build_export(export.pk, at=timezone.now())
    export.refresh_from_db()
    return list(csv.DictReader(io.StringIO(read_raw(export.key).decode("utf-8-sig"))))


@pytest.mark.duty("D423")
def test_the_file_has_the_rows_of_the_list_and_no_phone_in_clear(leader, talk):
    ConversationFactory()
    ConversationFactory(queue=talk.queue, channel="mail", state="closed", handler=leader)

    found = rows(leader)

    shown, _next = page_of_tab("all", leader, Wanted(), at=timezone.now())
    assert {one["Number"] for one in found} == {one.conversation.number for one in shown}
    one = next(one for one in found if one["Number"] == talk.number)
    assert (one["Phone"], one["Customer"], one["What about"]) == (
        "138****7719",
        "'=周玉兰",
        "电梯停了",
    )
    assert [one["Channel"] for one in rows(leader, asked={"tab": "all", "channel": "mail"})] == [
        "E-mail"
    ]


def test_with_a_reason_the_phone_is_in_clear(leader, talk):
    (one,) = rows(leader, is_clear=True, reason="回访")

    assert one["Phone"].replace(" ", "") == "13817217719"


def test_agents_have_no_button_and_leaders_do(client, leader, talk):
    sign_in(client, leader)
    assert "/exports/new/contacts" in client.get(f"/workspace/{talk.pk}").content.decode()

    sign_in(client, StaffFactory(role="agent", department=leader.department))
    assert "/exports/new/contacts" not in client.get(f"/workspace/{talk.pk}").content.decode()
