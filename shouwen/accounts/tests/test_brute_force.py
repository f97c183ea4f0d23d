"""A long series of guesses, hour after hour, from everywhere: few are looked at, and the owner still works (V6.3.1)."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts import throttle
from shouwen.accounts.models import Staff
from shouwen.accounts.operations.sessions import WrongPassword, check_password, record_sign_in
from shouwen.accounts.tests.factories import PASSWORD, StaffFactory
from shouwen.accounts.throttle import TooManyTries

pytestmark = pytest.mark.django_db
OFFICE = "198.51.100.7"
HOUR = timedelta(hours=1)
HOURS, TRIES = 6, 300
LOOKED_AT_IN_ANY_HOUR = 20


def guess(name, at, address, password="wrong"):
    try:
        check_password(name, password, address=address, at=at)
    except (WrongPassword, TooManyTries) as refusal:
        return type(refusal)
    return None


def most_in_an_hour(moments):
    """The largest number that lies within any sixty minutes."""
    return max(sum(one <= other < one + HOUR for other in moments) for one in moments)


def test_guesses_at_one_account_for_hours_from_a_hundred_places(monkeypatch):
    owner, chance, begun = StaffFactory(username="wangfang"), random.Random(7), timezone.now()
    record_sign_in(owner, session_key="k", address=OFFICE, device="", at=begun)
    looked_at = []
    real = Staff.check_password
    moment = begun
    monkeypatch.setattr(
        Staff, "check_password", lambda self, raw: looked_at.append(moment) or real(self, raw)
    )
    let_in = []
    for number in range(HOURS * TRIES):
        moment = begun + number * HOUR / TRIES
        guess("wangfang", moment, f"203.0.113.{chance.randrange(100)}", f"guess{number}")
        if number % TRIES == TRIES // 2:
            before = len(looked_at)
            let_in.append(guess("wangfang", moment, OFFICE, PASSWORD))
            del looked_at[before:]

    assert let_in == [None] * HOURS
    assert most_in_an_hour(looked_at) < LOOKED_AT_IN_ANY_HOUR
    assert len(looked_at) < LOOKED_AT_IN_ANY_HOUR * (HOURS + 1)


def test_one_guess_at_each_of_many_accounts_for_hours():
    begun, looked_at = timezone.now(), []
    for number in range(HOURS * TRIES):
        moment = begun + number * HOUR / TRIES
        if guess(f"name{number}", moment, "203.0.113.9") is WrongPassword:
            looked_at.append(moment)

    assert most_in_an_hour(looked_at) <= throttle.FROM_ONE_ADDRESS_ON_ANY_ACCOUNT
