"""The demo is a believable company that keeps all rules."""

import pytest

from shouwen.accounts.models import Staff
from shouwen.accounts.operations.roles import install_roles
from shouwen.conversations.models import Conversation, Line
from shouwen.core.models import HistoryEntry
from shouwen.customers.models import Customer
from shouwen.demo.panels import build_demo
from shouwen.mailroom.models import Inbound, Outbound

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demo, built once for this file and taken away after it."""
    from django.db import transaction

    words: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        install_roles()
        build_demo(words.append)
        yield "".join(words)
        transaction.set_rollback(True)


@pytest.mark.usefixtures("told")
class TestDemo:
    def test_has_twelve_people_and_says_how_to_sign_in(self, told):
        assert Staff.objects.people().count() == 12
        assert "limin" in told
        assert "/widget-demo/" in told

    def test_tells_a_month_on_every_channel(self):
        channels = set(Conversation.objects.values_list("channel", flat=True))
        days = Conversation.objects.dates("opened_at", "day")

        assert channels == {one.value for one in Conversation.Channel}
        assert days.count() > 25

    def test_every_finished_conversation_has_a_first_responder_and_a_summary(self):
        closed = Conversation.objects.filter(state=Conversation.State.CLOSED)

        assert closed.filter(first_responder__isnull=True).count() == 0
        assert closed.filter(wrap_up__isnull=True).count() == 0

    def test_something_is_going_on_now(self):
        assert Conversation.objects.open().filter(handler__username="limin").count() >= 3
        assert Conversation.objects.queued().count() >= 2

    def test_every_mail_is_handled_and_every_answer_handed_over(self):
        assert not Inbound.objects.exclude(state=Inbound.State.HANDLED).exists()
        assert Outbound.objects.exists()
        assert not Outbound.objects.exclude(state=Outbound.State.HANDED_OVER).exists()

    def test_facts_of_the_past_stand_in_the_past(self):
        first = HistoryEntry.objects.filter(name="conversations.ConversationOpened").earliest("at")
        opened = Conversation.objects.earliest("opened_at")

        assert abs((first.at - opened.opened_at).total_seconds()) < 3600

    def test_speaks_chinese(self):
        latin = Line.objects.filter(text__regex=r"^[\x00-\x7f]+$").exclude(meta__has_key="subject")

        assert Customer.objects.count() == 24
        assert latin.count() <= Line.objects.count() * 0.05

    def test_is_built_once(self):
        before = Conversation.objects.count()

        build_demo(lambda words: None)

        assert Conversation.objects.count() == before
