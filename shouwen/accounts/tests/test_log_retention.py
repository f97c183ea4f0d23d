"""How long the logs of sign-ins and reveals are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts import jobs
from shouwen.accounts.models import ReadLog, SignIn
from shouwen.accounts.operations.logs import forget_old_logs
from shouwen.accounts.tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    now, staff = timezone.now(), StaffFactory()
    old = now - timedelta(days=2000)
    SignIn.objects.create(staff=staff, at=old, last_seen_at=old, ended_at=old)
    SignIn.objects.create(staff=staff, at=old, last_seen_at=now, session_key="open")
    SignIn.objects.create(staff=staff, at=now, last_seen_at=now, ended_at=now)
    for at in (old, now):
        ReadLog.objects.create(
            staff=staff, at=at, subject_kind="customer", subject_id=1, what="phone", reason="x"
        )


def test_old_rows_go_open_sign_ins_stay(rows):
    assert forget_old_logs(sign_in_days=400, read_days=1100, at=timezone.now()) == (1, 1)
    assert SignIn.objects.filter(session_key="open").exists()
    assert (SignIn.objects.count(), ReadLog.objects.count()) == (2, 1)


def test_zero_keeps_all(rows):
    assert forget_old_logs(sign_in_days=0, read_days=0, at=timezone.now()) == (0, 0)


def test_the_clock_does_it_by_the_settings(rows, settings):
    settings.SIGN_IN_LOG_DAYS, settings.READ_LOG_DAYS = 30, 0
    jobs.tidy_logs()

    assert (SignIn.objects.count(), ReadLog.objects.count()) == (2, 2)
