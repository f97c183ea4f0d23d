"""Ways in and ways to write down that the source documents name one by one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.operations.serving import claim_conversation
from shouwen.conversations.operations.visitors import conversation_of_visitor
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.conversations.queries.lines import changes_of
from shouwen.conversations.tests.factories import (
    ConversationFactory,
    QueueFactory,
    VisitorFactory,
    WidgetSiteFactory,
)
from shouwen.conversations.tests.make import AT
from shouwen.core.jobs import run_waiting_jobs
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import Origin, take_in_mail
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    return QueueFactory(is_default=True)


def lines_of(talk):
    return changes_of(talk, after=0, for_staff=True, at=AT).lines


@pytest.mark.duty("D229")
class TestSuggestions:
    def test_by_phone_are_taken_down_with_the_answer(self, agent, queue):
        told = Contact(
            channel="phone",
            name="周玉兰",
            words="建议增加充电桩",
            answer="已登记，下季度增加 12 个",
            outcome="answered",
        )

        call = record_contact(told, by=agent, at=AT, queue=queue)

        said = [(line["kind"], line["text"]) for line in lines_of(call)]
        assert ("visitor", "建议增加充电桩") in said
        assert ("agent", "已登记，下季度增加 12 个") in said

    def test_by_mail_are_taken_in_and_answered_by_mail(self, agent, queue):
        mailbox = MailboxFactory(address="service@shop.example", smtp_host="smtp.shop.example")
        take_in_mail(a_mail(), origin=Origin(mailbox), by=system_staff())
        run_waiting_jobs()
        mail = Conversation.objects.get(channel="mail")
        claim_conversation(mail.pk, by=agent, at=timezone.now())

        post_line(
            NewLine(conversation_id=mail.pk, kind=Line.Kind.AGENT, text="谢谢您的建议", by=agent),
            at=timezone.now(),
        )
        run_waiting_jobs()

        assert Outbound.objects.about("conversation", mail.pk).count() == 1


@pytest.mark.duty("D340")
def test_the_online_service_and_facebook_lead_into_one_queue(agent, queue):
    post = Contact(
        channel="platform", platform="facebook", account="wang.88", words="掉线", outcome="answered"
    )
    visitor = VisitorFactory(site=WidgetSiteFactory(queue=queue))

    written = record_contact(post, by=agent, at=AT, queue=queue)
    chat = conversation_of_visitor(visitor.pk, at=timezone.now())

    seen = visible_conversations(agent).filter(queue=queue)
    assert set(seen.values_list("pk", "channel")) == {(written.pk, "platform"), (chat.pk, "chat")}
    assert written.customer.contact_points.get().platform == "facebook"


@pytest.mark.duty("D344")
def test_every_note_stands_with_its_writer_and_its_time(agent, queue):
    talk = ConversationFactory(queue=queue, handler=agent)
    for minute, words in enumerate(["已联系工程部", "师傅已到现场", "配件 15 点到"]):
        note = NewLine(conversation_id=talk.pk, kind=Line.Kind.NOTE, text=words, by=agent)
        post_line(note, at=AT + timedelta(minutes=minute))

    notes = [one for one in lines_of(talk) if one["kind"] == "note"]
    assert [(one["text"], one["at"]) for one in notes] == [
        ("已联系工程部", AT.isoformat()),
        ("师傅已到现场", (AT + timedelta(minutes=1)).isoformat()),
        ("配件 15 点到", (AT + timedelta(minutes=2)).isoformat()),
    ]
    assert {one["author"]["id"] for one in notes} == {agent.pk}
