"""Presence and its totals by day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.models import PresenceSpan, PresenceState
from shouwen.accounts.operations.presence import BreakNeedsReason, UnknownPresence, set_presence
from shouwen.accounts.queries import available_staff, presence_of, presence_totals
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of

pytestmark = pytest.mark.django_db
S = PresenceState
NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def hours(count):
    return NINE + timedelta(hours=count)


class TestSetPresence:
    def test_closes_the_state_before_as_a_span(self):
        staff = StaffFactory()
        set_presence(staff.pk, state=S.ONLINE, at=NINE, by=staff)
        set_presence(staff.pk, state=S.BREAK, reason="午餐", at=hours(3), by=staff)

        span = PresenceSpan.objects.get(staff=staff, state=S.ONLINE)
        assert (span.started_at, span.ended_at) == (NINE, hours(3))
        now = presence_of(staff, at=hours(4))
        assert (now.state, now.reason, now.since) == (S.BREAK, "午餐", hours(3))

    def test_the_same_state_again_changes_nothing(self):
        staff = StaffFactory()
        set_presence(staff.pk, state=S.ONLINE, at=NINE, by=staff)
        facts = history_of("staff", staff.pk).count()
        set_presence(staff.pk, state=S.ONLINE, at=hours(1), by=staff)
        assert presence_of(staff, at=hours(2)).since == NINE
        assert history_of("staff", staff.pk).count() == facts

    def test_refuses_a_break_without_reason_and_unknown_states(self):
        staff = StaffFactory()
        with pytest.raises(BreakNeedsReason):
            set_presence(staff.pk, state=S.BREAK, at=NINE, by=staff)
        with pytest.raises(UnknownPresence):
            set_presence(staff.pk, state="asleep", at=NINE, by=staff)

    def test_others_are_changed_only_by_who_may(self):
        staff = StaffFactory()
        with pytest.raises(NotPermitted):
            set_presence(staff.pk, state=S.ONLINE, at=NINE, by=StaffFactory(role="agent"))
        set_presence(staff.pk, state=S.ONLINE, at=NINE, by=StaffFactory(role="shift_leader"))
        assert list(available_staff()) == [staff]

    def test_a_leaver_stays_offline(self):
        staff = StaffFactory(is_active=False)
        leader = StaffFactory(role="shift_leader")
        assert set_presence(staff.pk, state=S.ONLINE, at=NINE, by=leader).state == S.OFFLINE


class TestPresenceTotals:
    def test_counts_each_state_within_the_day_and_the_present_one_until_now(self):
        staff = StaffFactory()
        set_presence(staff.pk, state=S.ONLINE, at=NINE - timedelta(hours=12), by=staff)
        set_presence(staff.pk, state=S.BREAK, reason="午餐", at=hours(3), by=staff)
        set_presence(staff.pk, state=S.BUSY, at=hours(4), by=staff)
        reader = StaffFactory(role="service_manager")

        day = timezone.localdate(NINE)
        total = {one.staff: one for one in presence_totals(reader, day, at=hours(6))}[staff]

        assert total.of(S.ONLINE) == 12 * 3600  # from midnight to noon
        assert total.breaks == {"午餐": 3600}
        assert total.of(S.BUSY) == 2 * 3600
        assert total.at_work == 15 * 3600

    def test_a_day_to_come_is_empty(self):
        reader = StaffFactory(role="service_manager")
        day = timezone.localdate(NINE) + timedelta(days=3)
        assert [one.at_work for one in presence_totals(reader, day, at=NINE)] == [0]
