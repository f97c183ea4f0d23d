"""Sessions end: elsewhere, by an administrator, with a new password. Resets by mail."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shouwen.accounts.events import PasswordResetAsked, SignedIn, SignedOut
from shouwen.accounts.models import PresenceState, SignIn
from shouwen.accounts.operations.passwords import (
    ResetLinkUsedUp,
    WeakPassword,
    ask_password_reset,
    invite_staff,
    reset_password,
    set_password_of,
)
from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.operations.roles import RoleBeyondOwn
from shouwen.accounts.operations.sessions import end_all_sessions, end_sign_in
from shouwen.accounts.queries import password_reset_token, presence_of
from shouwen.accounts.tests.factories import PASSWORD, StaffFactory
from shouwen.accounts.throttle import TooManyTries
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.models import HistoryEntry

pytestmark = pytest.mark.django_db
NEW = "quiet river 42"


@pytest.fixture
def staff():
    return StaffFactory(role="agent", username="wangfang", mail="wf@example.com")


def signed_in(staff):
    client = Client()
    response = client.post("/sign-in/", {"username": staff.username, "password": PASSWORD})
    assert response.status_code == 302
    return client


def is_in(client):
    return client.get("/me/").status_code == 200


def facts(event):
    return HistoryEntry.objects.filter(name=event.event_name()).order_by("pk")


class TestEnding:
    def test_elsewhere_one_by_one_or_all_at_once(self, staff):
        here, phone, tablet = signed_in(staff), signed_in(staff), signed_in(staff)
        assert facts(SignedIn).count() == 3
        of_phone = SignIn.objects.get(session_key=phone.session.session_key)
        here.post(f"/me/sign-ins/{of_phone.pk}/end/")
        assert (is_in(here), is_in(phone), is_in(tablet)) == (True, False, True)
        here.post("/me/sign-ins/end-others/")
        assert (is_in(here), is_in(tablet)) == (True, False)
        assert facts(SignedOut).count() == 2

    def test_others_only_by_who_may(self, staff):
        client = signed_in(staff)
        sign_in = SignIn.objects.get()
        with pytest.raises(NotPermitted):
            end_sign_in(sign_in.pk, at=timezone.now(), by=StaffFactory(role="agent"))
        with pytest.raises(NotPermitted):
            end_all_sessions(
                staff, at=timezone.now(), why="ended", by=StaffFactory(role="supervisor")
            )
        with pytest.raises(NotThere):
            end_sign_in(0, at=timezone.now(), by=staff)
        assert is_in(client)
        admin = StaffFactory(role="administrator")
        end_all_sessions(staff, at=timezone.now(), why="ended", by=admin)
        assert not is_in(client)

    def test_the_last_sign_out_makes_offline(self, staff):
        here, phone = signed_in(staff), signed_in(staff)
        set_presence(staff.pk, state=PresenceState.ONLINE, at=timezone.now(), by=staff)
        phone.post("/sign-out/")
        assert presence_of(staff, at=timezone.now()).state == PresenceState.ONLINE
        here.post("/sign-out/")
        assert presence_of(staff, at=timezone.now()).state == PresenceState.OFFLINE


class TestChangePassword:
    def change(self, client, **more):
        data = {"old_password": PASSWORD, "new_password": NEW, "again": NEW} | more
        return client.post("/me/password/", data)

    def test_other_devices_are_out_and_this_one_stays_with_a_new_session(self, staff):
        here, phone = signed_in(staff), signed_in(staff)
        before = here.session.session_key
        assert self.change(here).status_code == 302
        assert (is_in(here), is_in(phone)) == (True, False)
        assert here.session.session_key != before
        still = SignIn.objects.get(ended_at__isnull=True)
        assert still.session_key == here.session.session_key

    @pytest.mark.parametrize(
        "fields",
        [
            {"old_password": "wrong"},
            {"new_password": "12345678", "again": "12345678"},
            {"new_password": "wangfang1", "again": "wangfang1"},
            {"again": "other words 42"},
        ],
    )
    def test_refuses_wrong_old_weak_new_and_two_that_differ(self, staff, fields):
        client = signed_in(staff)
        assert self.change(client, **fields).status_code == 422
        staff.refresh_from_db()
        assert staff.check_password(PASSWORD)


class TestReset:
    def token(self):
        return password_reset_token(facts(PasswordResetAsked).last().payload["reset_id"])

    def ask(self, client, who="wangfang"):
        return client.post("/password/reset/", {"mail_or_name": who})

    def test_the_link_sets_a_new_password_once_and_ends_all_sessions(self, client, staff):
        device = signed_in(staff)
        self.ask(client)
        token = self.token()
        assert client.get(f"/password/reset/{token}/").status_code == 200
        response = client.post(f"/password/reset/{token}/", {"new_password": NEW, "again": NEW})
        assert response.url == "/sign-in/"
        staff.refresh_from_db()
        assert staff.check_password(NEW)
        assert not is_in(device)
        assert client.get(f"/password/reset/{token}/").status_code == 410
        with pytest.raises(ResetLinkUsedUp):
            reset_password(token, new_password="other river 43", at=timezone.now())

    def test_the_link_stands_in_no_history(self, client, staff):
        self.ask(client)
        fact = facts(PasswordResetAsked).get()
        assert fact.payload["mail"] == "wf@example.com"
        assert self.token() not in str(fact.payload)

    def test_the_link_lives_an_hour_and_dies_with_a_new_address(self, client, staff):
        self.ask(client)
        token = self.token()
        with time_machine.travel(timezone.now() + timedelta(minutes=61)):
            assert client.get(f"/password/reset/{token}/").status_code == 410
        staff.mail = "new@example.com"
        staff.save()
        assert client.get(f"/password/reset/{token}/").status_code == 410

    def test_a_forged_link_does_nothing(self, client):
        assert client.get("/password/reset/forged/").status_code == 410

    def test_a_weak_password_leaves_the_link_usable(self, client, staff):
        self.ask(client)
        token = self.token()
        with pytest.raises(WeakPassword):
            reset_password(token, new_password="12345678", at=timezone.now())
        assert client.get(f"/password/reset/{token}/").status_code == 200

    def test_nobody_learns_who_works_here(self, client, staff):
        known, unknown = self.ask(client), self.ask(client, "nobody")
        assert known.status_code == unknown.status_code == 200
        assert facts(PasswordResetAsked).count() == 1

    def test_is_throttled(self, staff):
        for _n in range(6):
            ask_password_reset("wangfang", address="203.0.113.9", at=timezone.now())
        with pytest.raises(TooManyTries):
            ask_password_reset("wangfang", address="203.0.113.9", at=timezone.now())

    def test_who_manages_staff_may_invite_or_set(self, staff):
        admin, manager = StaffFactory(role="administrator"), StaffFactory(role="service_manager")
        with pytest.raises(NotPermitted):
            invite_staff(staff.pk, at=timezone.now(), by=staff)
        invite_staff(staff.pk, at=timezone.now(), by=manager)
        assert facts(PasswordResetAsked).count() == 1
        set_password_of(staff.pk, new_password=NEW, at=timezone.now(), by=manager)
        staff.refresh_from_db()
        assert staff.check_password(NEW)
        with pytest.raises(RoleBeyondOwn):
            set_password_of(admin.pk, new_password=NEW, at=timezone.now(), by=manager)
