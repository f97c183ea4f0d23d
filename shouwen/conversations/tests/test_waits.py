"""Whom a member of staff owes an answer, for the one alarm."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.conversations.queries.conversations import unanswered_waits
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.views.threadtexts import thread_config

pytestmark = pytest.mark.django_db


class TestUnansweredWaits:
    def test_names_only_own_unanswered_ones_the_longest_first(self):
        staff, now = StaffFactory(role="agent"), timezone.now()
        queue = QueueFactory(slow_after_seconds=60)
        late = ConversationFactory(
            handler=staff, queue=queue, waiting_since=now - timedelta(seconds=90)
        )
        fresh = ConversationFactory(handler=staff, queue=queue, waiting_since=now)
        ConversationFactory(handler=staff, queue=queue, waiting_since=None)
        ConversationFactory(handler=StaffFactory(role="agent"), waiting_since=now)

        waits = unanswered_waits(staff)

        assert [one["id"] for one in waits] == [late.pk, fresh.pk]
        assert {one["limit"] for one in waits} == {60}


class TestThreadConfig:
    def test_gives_every_text(self):
        assert all(thread_config(StaffFactory(role="agent"))["texts"].values())

    @pytest.mark.parametrize(("role", "offered"), [("agent", False), ("supervisor", True)])
    def test_offers_to_resend_mail_only_to_whoever_may(self, role: str, offered: bool):
        assert ("resendMail" in thread_config(StaffFactory(role=role))["urls"]) is offered
