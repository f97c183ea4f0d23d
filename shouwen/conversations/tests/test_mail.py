"""Mail becomes conversation and answers become mail: threaded by what we signed, once, with their fate."""

import base64
from email.message import EmailMessage

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.conversations.handlers.mail import make_conversations
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.conversations.operations.serving import close_conversation
from shouwen.conversations.queries.search import found_lines
from shouwen.conversations.tests.factories import QueueFactory
from shouwen.conversations.tests.mailing import sent, the_conversation, words
from shouwen.conversations.tests.make import AT, an_agent, facts
from shouwen.core.jobs import run_waiting_jobs
from shouwen.mailroom.events import MailArrived
from shouwen.mailroom.jobs import understand, understand_waiting
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations import (
    Origin,
    queue_mail,
    retry_inbound,
    take_in_mail,
)
from shouwen.mailroom.operations.outgoing import MailDraft
from shouwen.mailroom.tests.factories import a_mail
from shouwen.mailroom.tokens import reply_address
from shouwen.mailroom.workflow import INBOUND_ATTEMPTS

pytestmark = pytest.mark.django_db
State = Conversation.State
WANG = "王先生 <wang@other.example>"


@pytest.fixture
def queue():
    return QueueFactory(is_default=True)


@pytest.fixture
def agent(queue):
    return an_agent(queue, display_name="小美", state=None)


class TestIn:
    @pytest.mark.duty("D025", "D201", "D222")
    def test_a_mail_waits_in_the_one_queue_and_its_row_is_handled(self, arrive, queue, mailbox):
        inbound = arrive()

        conversation = the_conversation()
        assert (conversation.channel, conversation.queue, conversation.mailbox) == (
            "mail",
            queue,
            mailbox,
        )
        assert (conversation.subject, conversation.state) == ("电梯坏了", State.QUEUED)
        assert words(conversation) == ["三号楼的电梯又停了。"]
        assert conversation.customer.contact_points.get().value == "li@customer.example"
        assert inbound.state == Inbound.State.HANDLED
        assert (inbound.handled_as_kind, inbound.handled_as_id) == ("conversation", conversation.pk)

    def test_gb18030_with_broken_labels_is_found_by_a_two_character_word(self, arrive, agent):
        text = "尊敬的客服：三号楼电梯故障，请镕师傅尽快维修。"
        raw = (
            "From: =?gb2312?B?" + _b64("李女士", "gb18030") + "?= <li@customer.example>\r\n"
            "To: service@shop.example\r\nSubject: =?GB2312?B?"
            + _b64("电梯故障", "gb18030")
            + "?=\r\n"
            "Message-ID: <gb@customer.example>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        ).encode() + text.encode("gb18030")

        arrive(raw)

        conversation = the_conversation()
        assert (conversation.subject, conversation.customer.name) == ("电梯故障", "李女士")
        assert words(conversation) == [text]
        assert [one.line.conversation for one in found_lines(agent, "维修").rows] == [conversation]

    def test_the_same_mail_twice_is_one_line(self, arrive):
        inbound = arrive()
        assert arrive().pk == inbound.pk

        assert words(the_conversation()) == ["三号楼的电梯又停了。"]

    def test_the_job_run_twice_is_one_line(self, arrive):
        inbound = arrive()

        make_conversations([MailArrived(inbound_id=inbound.pk, automatic="")])

        assert Line.objects.filter(kind="visitor").count() == 1

    def test_files_are_kept_whatever_they_are(self, arrive):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "li@customer.example", "s@shop.example", "照片"
        mail["Message-ID"] = "<files@customer.example>"
        mail.set_content("见附件")
        mail.add_attachment(
            b"MZ\x90", maintype="application", subtype="x-msdownload", filename="程序.exe"
        )

        arrive(mail.as_bytes())

        line = the_conversation().lines.get(kind="visitor")
        assert [(one.name, one.kind) for one in line.files.all()] == [("程序.exe", "other")]

    def test_an_empty_mail_says_so_and_one_without_subject_too(self, arrive):
        arrive(b"From: li@customer.example\r\nMessage-ID: <e@customer.example>\r\n\r\n\r\n")

        conversation = the_conversation()
        assert conversation.subject
        assert words(conversation) != [""]

    def test_nasty_names_and_subjects_harm_nothing(self, arrive):
        arrive(a_mail(sender='"' + "长" * 400 + '" <li@customer.example>', subject="主题" * 400))

        conversation = the_conversation()
        assert len(conversation.subject) == 300
        assert conversation.lines.get(kind="visitor").author_name.startswith("长长")

    def test_goes_to_the_queue_of_its_mailboxs_department(self, arrive, mailbox):
        other = QueueFactory()
        mailbox.department = other.department
        mailbox.save()

        arrive()

        assert the_conversation().queue == other

    def test_without_any_queue_it_is_set_aside_with_the_reason_and_can_be_retried(self, mailbox):
        inbound = take_in_mail(a_mail(), origin=Origin(mailbox), by=system_staff()).inbound
        understand_waiting(mailbox_id=mailbox.pk)
        for _time in range(INBOUND_ATTEMPTS - 2):
            with pytest.raises(Queue.DoesNotExist):
                understand(inbound_id=inbound.pk)
        understand(inbound_id=inbound.pk)

        inbound.refresh_from_db()
        assert inbound.state == Inbound.State.QUARANTINED
        assert "no queue" in inbound.reason

        QueueFactory(is_default=True)
        retry_inbound(inbound.pk, by=system_staff())
        run_waiting_jobs()
        assert words(the_conversation()) == ["三号楼的电梯又停了。"]


def _b64(text: str, charset: str) -> str:
    return base64.b64encode(text.encode(charset)).decode()


class TestThread:
    def test_an_answer_to_our_message_id_stands_in_its_thread_without_the_quote(
        self, arrive, answered
    ):
        body = "好的，谢谢\n\n在 2026-11-22 10:00，小美 写道：\n> 师傅已经出发"
        arrive(
            number=2, text=body, subject="别的主题", extra=f"In-Reply-To: <{sent().message_id}>\n"
        )

        assert words(answered) == ["三号楼的电梯又停了。", "师傅已经出发", "好的，谢谢"]
        last = answered.lines.order_by("-seq").first()
        assert "师傅已经出发" in last.meta["folded"]
        answered.refresh_from_db()
        assert answered.waiting_since

    def test_by_the_signed_address_and_by_references_too(self, arrive, answered):
        arrive(number=2, to=reply_address("service@shop.example", "conversation", answered.pk))
        arrive(number=3, extra=f"References: <x@y> <{sent().message_id}>\n")
        arrive(number=4, extra="In-Reply-To: <mail-1@customer.example>\n")

        assert the_conversation().lines.filter(kind="visitor").count() == 4

    def test_never_by_subject(self, arrive, answered):
        arrive(number=2, subject="Re: 电梯坏了")

        assert Conversation.objects.count() == 2

    @pytest.mark.parametrize("how", ["id", "address"])
    def test_a_stranger_who_knows_the_id_does_not_get_into_the_thread(self, arrive, answered, how):
        to, extra = "service@shop.example", ""
        if how == "id":
            extra = f"In-Reply-To: <{sent().message_id}>\nReferences: <mail-1@customer.example>\n"
        else:
            to = reply_address(to, "conversation", answered.pk)

        arrive(number=2, sender=WANG, to=to, extra=extra)

        assert Conversation.objects.count() == 2
        assert len(words(answered)) == 2

    def test_a_forged_id_opens_a_thread_of_its_own(self, arrive, answered):
        forged = sent().message_id.replace(f".{answered.pk}.", f".{answered.pk + 1}.")
        arrive(number=2, sender=WANG, extra=f"In-Reply-To: <{forged}>\n")

        assert Conversation.objects.count() == 2

    def test_whoever_was_sent_a_copy_is_of_the_thread(self, arrive, answered, mailbox):
        draft = MailDraft(
            key="copy",
            to=["Wang@other.example"],
            subject="转",
            text="请看",
            subject_kind="conversation",
            subject_id=answered.pk,
        )
        outbound = queue_mail(draft, mailbox=mailbox, by=system_staff())

        arrive(number=2, sender=WANG, extra=f"In-Reply-To: <{outbound.message_id}>\n")

        assert the_conversation().lines.filter(kind="visitor").count() == 2

    @pytest.mark.duty("D347")
    def test_a_closed_one_is_opened_again_with_its_people_and_history(
        self, arrive, answered, agent
    ):
        close_conversation(answered.pk, by=agent, at=AT)

        arrive(number=2, extra=f"In-Reply-To: <{sent().message_id}>\n")

        answered.refresh_from_db()
        assert (answered.state, answered.handler, answered.first_responder) == (
            State.OPEN,
            agent,
            agent,
        )
        assert "ConversationReopened" in facts(answered)

    def test_an_id_of_something_that_is_no_conversation_opens_one(self, arrive, answered):
        arrive(number=2, to=reply_address("service@shop.example", "conversation", 10**9))
        arrive(number=3, to=reply_address("service@shop.example", "case", answered.pk))

        assert Conversation.objects.count() == 3
