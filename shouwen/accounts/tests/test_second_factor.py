"""The second factor: set up, used once, throttled, recovered, removed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from shouwen.accounts.events import SecondFactorChanged
from shouwen.accounts.models import SecondFactor
from shouwen.accounts.operations.second_factor import (
    SecondFactorMissing,
    WrongCode,
    begin_second_factor,
    check_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
)
from shouwen.accounts.queries import has_second_factor, totp_of
from shouwen.accounts.tests.factories import PASSWORD, StaffFactory
from shouwen.accounts.throttle import TooManyTries
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 1, 0, 5, tzinfo=UTC)
ADDRESS = "198.51.100.7"


@pytest.fixture
def staff():
    return StaffFactory(username="wangfang")


def code(staff, at):
    return totp_of(SecondFactor.objects.get(staff=staff)).at(at)


@pytest.fixture
def recovery(staff):
    begin_second_factor(by=staff)
    return confirm_second_factor(
        code=code(staff, AT - timedelta(minutes=5)),
        address=ADDRESS,
        at=AT - timedelta(minutes=5),
        by=staff,
    )


def check(staff, given, at=AT, address=ADDRESS):
    check_second_factor(code=given, address=address, at=at, by=staff)


class TestCodes:
    def test_counts_only_when_confirmed(self, staff):
        factor = begin_second_factor(by=staff)
        assert not has_second_factor(staff)
        assert begin_second_factor(by=staff).nonce == factor.nonce
        with pytest.raises(WrongCode):
            confirm_second_factor(code="000000", address=ADDRESS, at=AT, by=staff)
        assert not has_second_factor(staff)

    def test_one_step_earlier_or_later_is_right_two_is_wrong(self, staff, recovery):
        for seconds in (-60, 60):
            with pytest.raises(WrongCode):
                check(staff, code(staff, AT + timedelta(seconds=seconds)))
        check(staff, code(staff, AT - timedelta(seconds=30)))
        check(staff, code(staff, AT))
        check(staff, code(staff, AT + timedelta(seconds=30)))

    def test_no_code_works_twice_nor_an_older_one(self, staff, recovery):
        check(staff, code(staff, AT))
        with pytest.raises(WrongCode):
            check(staff, code(staff, AT))
        with pytest.raises(WrongCode):
            check(staff, code(staff, AT - timedelta(seconds=30)))

    def test_is_throttled(self, staff, recovery):
        for _n in range(6):
            with pytest.raises(WrongCode):
                check(staff, "12345x")
        with pytest.raises(TooManyTries):
            check(staff, code(staff, AT))

    def test_a_recovery_code_works_once_and_new_ones_void_it(self, staff, recovery):
        check(staff, recovery[0].upper())
        with pytest.raises(WrongCode):
            check(staff, recovery[0])
        renew_recovery_codes(by=staff)
        with pytest.raises(WrongCode):
            check(staff, recovery[1])

    def test_the_database_holds_neither_secret_nor_recovery_codes(self, staff, recovery):
        row = str(SecondFactor.objects.values().get())
        assert totp_of(SecondFactor.objects.get()).secret not in row
        assert recovery[0].replace("-", "") not in row

    def test_who_has_none_cannot_use_one(self, staff):
        with pytest.raises(SecondFactorMissing):
            check(staff, "123456")


class TestRemove:
    def test_ones_own_needs_the_password(self, staff, recovery):
        with pytest.raises(WrongCode):
            remove_second_factor(staff.pk, password="wrong", by=staff)
        remove_second_factor(staff.pk, password=PASSWORD, by=staff)
        assert not has_second_factor(staff)
        assert history_of("staff", staff.pk)[0].name == SecondFactorChanged.event_name()

    def test_others_need_the_right(self, staff, recovery):
        with pytest.raises(NotPermitted):
            remove_second_factor(staff.pk, by=StaffFactory(role="agent"))
        remove_second_factor(staff.pk, by=StaffFactory(role="service_manager"))
        assert not has_second_factor(staff)


class TestPages:
    def test_signing_in_asks_for_the_code(self, client, staff, recovery):
        with time_machine.travel(AT, tick=False):
            response = client.post("/sign-in/", {"username": "wangfang", "password": PASSWORD})
            assert response.url == "/sign-in/code/"
            assert client.get("/me/").status_code == 302
            assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
            before = client.session.session_key
            response = client.post("/sign-in/code/", {"code": code(staff, AT)})
            assert response.status_code == 302
            assert client.session.session_key != before
            assert client.get("/me/").status_code == 200

    def test_the_first_step_is_remembered_for_five_minutes(self, client, staff, recovery):
        with time_machine.travel(AT, tick=False):
            client.post("/sign-in/", {"username": "wangfang", "password": PASSWORD})
        later = AT + timedelta(minutes=6)
        with time_machine.travel(later, tick=False):
            response = client.post("/sign-in/code/", {"code": code(staff, later)})
            assert response.url == "/sign-in/"
            assert client.get("/me/").status_code == 302

    def test_set_up_shows_a_qr_code_without_inline_style_and_then_the_codes(self, client, staff):
        client.force_login(staff)
        page = client.get("/me/second-factor/").content.decode()
        assert "<svg" in page
        assert "style=" not in page[page.index("<svg") :]
        at = timezone.now()
        page = client.post("/me/second-factor/", {"code": code(staff, at)}).content.decode()
        assert page.count("-") >= 10
        assert has_second_factor(staff)
        assert '<svg class="segno' not in client.get("/me/second-factor/").content.decode()
        client.post("/me/second-factor/", {"action": "renew"})
        assert (
            client.post("/me/second-factor/", {"action": "remove", "password": "x"}).status_code
            == 422
        )
        client.post("/me/second-factor/", {"action": "remove", "password": PASSWORD})
        assert not has_second_factor(staff)
