"""Mails that came together become conversations together, in their order; what breaks falls out alone."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.conversations.handlers import mail as mail_handlers
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations import mail as mail_operations
from shouwen.conversations.operations.mail import take_in_mail_conversations
from shouwen.conversations.operations.serving import close_conversation
from shouwen.conversations.tests.factories import QueueFactory
from shouwen.conversations.tests.mailing import sent, the_conversation, words
from shouwen.conversations.tests.make import AT, an_agent
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.models import Customer
from shouwen.mailroom.jobs import understand, understand_waiting
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations import AlreadySettled, Arrival, Origin, desk, take_in_mails
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail
from shouwen.mailroom.workflow import INBOUND_ATTEMPTS

pytestmark = pytest.mark.django_db
WANG = "王先生 <wang@other.example>"


@pytest.fixture
def queue():
    return QueueFactory(is_default=True)


@pytest.fixture
def agent(queue):
    return an_agent(queue, display_name="小美", state=None)


@pytest.fixture
def arrive_together(queue, mailbox):
    """Mails come through the door together; what it sets off is not done yet."""

    def take(*raws: bytes) -> list[Inbound]:
        arrivals = [Arrival(raw, Origin(mailbox)) for raw in raws]
        return [one.inbound for one in take_in_mails(arrivals, by=system_staff())]

    return take


def answering(number: int) -> str:
    return f"In-Reply-To: <mail-{number}@customer.example>\n"


def states() -> set[str]:
    return set(Inbound.objects.values_list("state", flat=True))


class TestTogether:
    def test_each_stands_in_a_conversation_of_its_own_in_their_order(self, arrive_together):
        arrive_together(*[a_mail(number=n, text=f"第{n}封") for n in range(1, 8)])
        run_waiting_jobs()

        conversations = Conversation.objects.order_by("number")
        assert [words(one) for one in conversations] == [[f"第{n}封"] for n in range(1, 8)]
        assert Customer.objects.count() == 1
        assert states() == {"handled"}

    def test_an_answer_that_came_with_its_question_stands_below_it(self, arrive_together):
        arrive_together(
            a_mail(number=1, text="电梯停了"),
            a_mail(number=2, text="还停着", extra=answering(1)),
            a_mail(number=3, text="修好了", extra=answering(2)),
        )
        run_waiting_jobs()

        assert words(the_conversation()) == ["电梯停了", "还停着", "修好了"]

    def test_nobody_gets_into_the_thread_of_another_who_came_with_him(self, arrive_together):
        arrive_together(a_mail(number=1), a_mail(number=2, sender=WANG, extra=answering(1)))
        run_waiting_jobs()

        assert Conversation.objects.count() == 2

    def test_answers_to_ours_and_news_in_one_go(self, answered, arrive_together):
        reply = f"In-Reply-To: <{sent().message_id}>\n"
        close_conversation(answered.pk, by=system_staff(), at=AT)
        arrive_together(
            a_mail(number=11, text="还没来", extra=reply),
            a_mail(number=12, sender=WANG, text="停水了"),
            a_mail(number=13, text="来了", extra=answering(11)),
        )
        run_waiting_jobs()

        answered.refresh_from_db()
        assert words(answered)[2:] == ["还没来", "来了"]
        assert not answered.is_closed
        assert Conversation.objects.count() == 2

    def test_two_mailboxes_and_their_ledgers_stay_apart(self, arrive_together):
        arrive_together(a_mail(number=1))
        other = MailboxFactory(address="other@shop.example")
        second = Arrival(a_mail(number=2, extra=answering(1)), Origin(other))
        take_in_mails([second], by=system_staff())
        run_waiting_jobs()

        assert Conversation.objects.count() == 2

    def test_fifty_cost_few_statements(
        self, arrive_together, mailbox, django_assert_max_num_queries
    ):
        arrive_together(
            *[a_mail(number=n, sender=f"u{n} <u{n}@customer.example>") for n in range(50)]
        )
        with django_assert_max_num_queries(90):
            understand_waiting(mailbox_id=mailbox.pk)

        assert Line.objects.filter(kind="visitor").count() == 50

    def test_handled_twice_is_refused_and_leaves_nothing(self, arrive_together):
        inbounds = arrive_together(a_mail(number=1), a_mail(number=2))
        run_waiting_jobs()

        with pytest.raises(AlreadySettled):
            take_in_mail_conversations(inbounds, by=system_staff(), at=AT)
        assert Line.objects.filter(kind="visitor").count() == 2

    def test_none_is_none(self):
        assert take_in_mail_conversations([], by=system_staff(), at=AT) == []


class TestPoison:
    @pytest.fixture
    def poisoned(self, monkeypatch):
        """A mail whose words break whatever makes conversations."""
        real = mail_operations._line_of

        def breaks(letter):
            if "毒" in letter.mail.text:
                raise ValueError("boom")
            return real(letter)

        monkeypatch.setattr(mail_operations, "_line_of", breaks)

    def test_falls_out_alone_and_ends_in_quarantine(self, poisoned, arrive_together, mailbox):
        texts = ["一", "二", "毒", "四", "五"]
        arrive_together(*[a_mail(number=n, text=text) for n, text in enumerate(texts)])
        understand_waiting(mailbox_id=mailbox.pk)

        bad = Inbound.objects.waiting().get()
        assert (bad.attempts, bad.reason) == (1, "ValueError: boom")
        assert Conversation.objects.count() == Customer.objects.count() + 3 == 4

        for _try in range(INBOUND_ATTEMPTS - 2):
            with pytest.raises(ValueError, match="boom"):
                understand(inbound_id=bad.pk)
        understand(inbound_id=bad.pk)
        assert states() == {"handled", "quarantined"}

    def test_is_tried_again_by_its_own_job_only(self, poisoned, arrive_together, mailbox):
        arrive_together(a_mail(text="毒"))
        for _time in range(3):
            understand_waiting(mailbox_id=mailbox.pk)

        assert Inbound.objects.get().attempts == 1

    def test_what_was_begun_and_never_finished_comes_last_and_alone(
        self, arrive_together, mailbox, monkeypatch
    ):
        first, second, third = arrive_together(*[a_mail(number=n) for n in (1, 2, 3)])
        Inbound.objects.filter(pk__in=[first.pk, second.pk]).update(attempts=1)
        groups = []
        monkeypatch.setattr(mail_handlers, "take_in_mail_conversations", lambda some, **_more: (
            groups.append([one.pk for one in some]),
            Inbound.objects.filter(pk__in=groups[-1]).update(reason="seen"),
        ))  # fmt: skip
        understand_waiting(mailbox_id=mailbox.pk)

        assert groups == [[third.pk], [first.pk], [second.pk]]

    def test_large_ones_do_not_come_in_one_group(self, arrive_together, mailbox, monkeypatch):
        monkeypatch.setattr(desk, "GROUP_BYTES", 1000)
        arrive_together(*[a_mail(number=n, text="长" * 300) for n in (1, 2, 3)])

        assert [len(desk.claim_waiting(mailbox.pk)) for _time in range(4)] == [1, 1, 1, 1]
