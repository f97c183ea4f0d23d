"""Live nudges: boards and sockets hear of presence, sign-outs and rights."""

import pytest
from django.utils import timezone

from shouwen.accounts import handlers
from shouwen.accounts.events import (
    PasswordChanged,
    PostMessageAnswered,
    PostMessageSent,
    PostProfileMoved,
    PresenceChanged,
    RoleChanged,
    StaffChanged,
    StaffReactivated,
)
from shouwen.accounts.operations.departments import change_company, create_department
from shouwen.accounts.operations.posts import answer_post_message, send_to_post, write_post
from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.operations.reads import Subject, log_read
from shouwen.accounts.operations.roles import change_role
from shouwen.accounts.operations.sessions import end_all_sessions, record_sign_in
from shouwen.accounts.operations.staff import (
    change_staff,
    create_staff,
    deactivate_staff,
    reactivate_staff,
)
from shouwen.accounts.tests.factories import RoleFactory, StaffFactory
from shouwen.core.models import HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setattr(handlers, "nudge", lambda topic, name, *_id: told.append((topic, name)))
    monkeypatch.setattr(
        handlers, "nudge_all", lambda many: told.extend((one.topic, one.name) for one in many)
    )
    return told


def facts():
    return list(HistoryEntry.objects.order_by("pk").values_list("name", flat=True))


def test_presence_reaches_the_board_and_the_own_screens(heard, django_capture_on_commit_callbacks):
    staff = StaffFactory()
    with django_capture_on_commit_callbacks(execute=True):
        set_presence(staff.pk, state="online", at=timezone.now(), by=staff)
    assert heard == [("board:presence", "presence"), (f"staff:{staff.pk}", "presence")]
    assert facts() == [PresenceChanged.event_name()]


def test_sockets_hear_of_ended_sessions_and_leavers(heard, django_capture_on_commit_callbacks):
    staff, admin = StaffFactory(), StaffFactory(role="administrator")
    record_sign_in(staff, session_key="k", address="", device="", at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        end_all_sessions(staff, at=timezone.now(), why="ended", by=admin)
        deactivate_staff(staff.pk, at=timezone.now(), by=admin)
    assert heard.count((f"staff:{staff.pk}", "signed_out")) == 2


def test_open_screens_hear_of_changed_rights(heard, django_capture_on_commit_callbacks):
    role, admin = RoleFactory(code="agent"), StaffFactory(role="administrator")
    staff = StaffFactory(roles=[role])
    with django_capture_on_commit_callbacks(execute=True):
        change_role(role.pk, permissions=[], by=admin)
        change_staff(staff.pk, name="新名", by=admin)
    assert heard == [(f"staff:{staff.pk}", "rights")] * 2
    assert facts() == [RoleChanged.event_name(), StaffChanged.event_name()]


def test_each_verb_leaves_one_fact():
    admin = StaffFactory(role="administrator")
    at = timezone.now()
    staff = create_staff(username="a", staff_number="a", name="甲", by=admin)
    deactivate_staff(staff.pk, at=at, by=admin)
    reactivate_staff(staff.pk, by=admin)
    create_department(code="d", name="d", function="other", by=admin)
    change_company(name="某公司", by=admin)
    log_read(Subject("customer", 1), what="phone", reason="回电", at=at, by=admin)
    post = write_post(code="p", name="岗位", receives=["bugs"], by=admin)
    message = send_to_post(post.pk, kind="bugs", text="x", at=at, by=admin)
    answer_post_message(message.pk, answer="y", at=at, by=admin)

    names = [name.partition(".")[2] for name in facts()]
    assert names == [
        "StaffCreated",
        "StaffDeactivated",
        StaffReactivated.__name__,
        "DepartmentChanged",
        "CompanyChanged",
        "PersonalDataRead",
        PostProfileMoved.__name__,
        PostMessageSent.__name__,
        PostMessageAnswered.__name__,
    ]
    assert PasswordChanged.subject == ("staff", "staff_id")
