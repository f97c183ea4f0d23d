"""Signing in: throttled, the same for unknown names, a new session id, one line in the log."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shouwen.accounts import throttle
from shouwen.accounts.events import SignInRefused
from shouwen.accounts.models import SignIn, SignInAttempt, Staff
from shouwen.accounts.operations.sessions import (
    WrongPassword,
    check_password,
    record_seen,
    record_sign_in,
)
from shouwen.accounts.operations.staff import deactivate_staff
from shouwen.accounts.tests.factories import PASSWORD, StaffFactory
from shouwen.accounts.throttle import TooManyTries, address_key, forget_old_attempts
from shouwen.core.models import HistoryEntry

pytestmark = pytest.mark.django_db
ATTACKER, OFFICE = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def staff():
    return StaffFactory(username="wangfang")


@pytest.fixture
def looked_at(monkeypatch):
    """How often a password was really looked at."""
    counted = []
    real = Staff.check_password
    monkeypatch.setattr(
        Staff, "check_password", lambda self, raw: counted.append(raw) or real(self, raw)
    )
    return counted


def attempt(name, password="wrong", address=ATTACKER, at=None):
    try:
        check_password(name, password, address=address, at=at or timezone.now())
    except (WrongPassword, TooManyTries) as refusal:
        return type(refusal)
    return None


class TestThrottle:
    def test_fewer_than_twenty_tries_an_hour_on_one_account_are_looked_at(self, staff, looked_at):
        for number in range(300):
            attempt("wangfang", f"try{number}", address=f"203.0.{number % 250}.{number % 7}")
        record_sign_in(staff, session_key="k", address=OFFICE, device="", at=timezone.now())
        for number in range(50):
            attempt("wangfang", f"inside{number}", address=OFFICE)
        assert len(looked_at) < 20

    def test_one_try_on_each_of_many_accounts_is_stopped(self):
        answers = [attempt(f"name{number}") for number in range(60)]
        assert answers.count(WrongPassword) == throttle.FROM_ONE_ADDRESS_ON_ANY_ACCOUNT

    def test_the_owner_still_gets_in_from_elsewhere(self, staff):
        for _number in range(50):
            attempt("wangfang")
        assert attempt("wangfang", PASSWORD) is TooManyTries
        assert attempt("wangfang", PASSWORD, address=OFFICE) is None

    def test_the_owner_still_gets_in_from_a_known_place_while_many_places_attack(self, staff):
        record_sign_in(staff, session_key="k", address=OFFICE, device="", at=timezone.now())
        for number in range(100):
            attempt("wangfang", address=f"203.0.113.{number}")
        assert attempt("wangfang", PASSWORD, address="203.0.113.250") is TooManyTries
        assert attempt("wangfang", PASSWORD, address=OFFICE) is None

    def test_an_hour_later_one_may_try_again(self, staff):
        now = timezone.now()
        for _number in range(10):
            attempt("wangfang", at=now)
        assert attempt("wangfang", PASSWORD, at=now + timedelta(minutes=59)) is TooManyTries
        assert attempt("wangfang", PASSWORD, at=now + timedelta(minutes=61)) is None

    def test_right_passwords_do_not_use_up_the_tries(self, staff):
        assert [attempt("wangfang", PASSWORD, address=OFFICE) for _n in range(40)] == [None] * 40

    def test_an_ipv6_customer_is_one_place(self):
        assert address_key("2001:db8::1") == address_key("2001:db8::ffff")
        assert address_key("2001:db8:0:1::1") != address_key("2001:db8::1")
        assert address_key("::ffff:1.2.3.4") == address_key("1.2.3.4")
        assert address_key("") == "unknown"

    def test_attempts_hold_no_names_and_are_forgotten_after_a_day(self, staff):
        attempt("my secret password")
        assert "secret" not in str(SignInAttempt.objects.values())
        assert forget_old_attempts(at=timezone.now()) == 0
        assert forget_old_attempts(at=timezone.now() + timedelta(days=2)) == 1


class TestUnknownNames:
    def test_the_words_are_the_same(self, client, staff):
        def said(name):
            response = client.post("/sign-in/", {"username": name, "password": "x"})
            return response.status_code, response.content.decode().replace(name, "NAME")

        known, unknown = said("wangfang"), said("wangfeng")
        strip = [line for line in known[1].splitlines() if "csrf" not in line]
        assert strip == [line for line in unknown[1].splitlines() if "csrf" not in line]
        assert known[0] == unknown[0] == 422

    def test_the_same_work_is_done(self, staff, monkeypatch):
        made = []
        monkeypatch.setattr(
            "shouwen.accounts.operations.sessions.make_password", lambda raw: made.append(raw)
        )
        attempt("nobody", "x")
        attempt(StaffFactory(is_active=False).username, PASSWORD)
        assert made == ["x", PASSWORD]


class TestSignInPage:
    def sign_in(self, client, **more):
        data = {"username": "WangFang ", "password": PASSWORD} | more
        return client.post("/sign-in/", data, HTTP_USER_AGENT="Firefox\r\nEVIL line")

    def test_the_session_has_a_new_id_and_is_listed(self, client, staff):
        client.get("/sign-in/")
        session = client.session
        session["before"] = 1
        session.save()
        before = session.session_key

        response = self.sign_in(client)

        assert response.status_code == 302
        assert client.session.session_key != before
        sign_in = SignIn.objects.get(staff=staff)
        assert sign_in.session_key == client.session.session_key
        assert "\n" not in sign_in.device

    def test_goes_where_one_wanted_to_but_never_to_another_site(self, client, staff):
        assert self.sign_in(client, next="/me/").url == "/me/"
        client.post("/sign-out/")
        assert self.sign_in(client, next="https://evil.example/").url == "/"

    def test_pages_ask_for_signing_in_first(self, client):
        assert client.get("/me/").url == "/sign-in/?next=/me/"
        assert client.get("/me/", HTTP_HX_REQUEST="true")["HX-Redirect"] == "/sign-in/"

    def test_after_signing_out_the_session_is_dead(self, client, staff):
        self.sign_in(client)
        stolen = client.cookies["shouwen"].value
        client.post("/sign-out/")

        thief = Client()
        thief.cookies["shouwen"] = stolen
        assert thief.get("/me/").status_code == 302
        assert SignIn.objects.get().ended_at

    def test_a_leaver_is_out_at_once(self, client, staff):
        self.sign_in(client)
        admin = StaffFactory(role="administrator")
        deactivate_staff(staff.pk, at=timezone.now(), by=admin)
        assert client.get("/me/").status_code == 302
        assert self.sign_in(Client()).status_code == 422

    def test_refusals_are_one_line_in_the_log_and_a_fact_without_secrets(
        self, client, staff, caplog
    ):
        with caplog.at_level(logging.INFO, logger="shouwen"):
            client.post("/sign-in/", {"username": "wangfang", "password": "s3cret\r\nx"})
            self.sign_in(client)
        text = "\n".join(record.getMessage() for record in caplog.records)
        assert "why=wrong_password" in text
        assert "signed in staff=" in text
        assert "s3cret" not in text
        assert "s3cret" not in str(HistoryEntry.objects.values_list("payload", flat=True))
        fact = HistoryEntry.objects.get(name=SignInRefused.event_name())
        assert fact.payload["why"] == "wrong_password"

    def test_a_forged_forwarded_address_does_not_help(self, client, staff):
        for number in range(60):
            self.sign_in(client, password="x")
            client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
        assert SignInAttempt.objects.values("address_key").distinct().count() == 1


def test_last_seen_is_noted_once_a_minute(staff):
    now = timezone.now()
    sign_in = record_sign_in(staff, session_key="k", address="", device="", at=now)
    record_seen(staff, session_key="k", at=now + timedelta(seconds=30))
    sign_in.refresh_from_db()
    assert sign_in.last_seen_at == now
    record_seen(staff, session_key="k", at=now + timedelta(seconds=90))
    sign_in.refresh_from_db()
    assert sign_in.last_seen_at == now + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) MicroMessenger/8.0 Safari", "微信 · iPhone"),
        ("curl/8", "curl/8"),
        ("", "—"),
    ],
)
def test_a_device_is_named_in_words_people_know(device, name):
    assert SignIn(device=device).device_name == name


@pytest.mark.parametrize(
    ("address", "kept"), [("", None), ("unix:", None), ("fe80::1%eth0", "fe80::1")]
)
def test_an_address_that_is_none_does_not_stop_a_sign_in(staff, address, kept):
    sign_in = record_sign_in(staff, session_key="k", address=address, device="", at=timezone.now())
    sign_in.refresh_from_db()
    assert sign_in.address == kept
