"""Mail becomes conversation and answers become mail: threaded by what we signed, once, with their fate."""

import base64
import email
import email.policy
from email.message import EmailMessage

import pytest
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.conversations.handlers.mail import make_it_a_conversation
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.conversations.operations.lines import post_line
from shouwen.conversations.operations.mail import (
    note_delivery,
    send_line_as_mail,
    take_in_mail_conversation,
)
from shouwen.conversations.operations.serving import claim_conversation, close_conversation
from shouwen.conversations.queries.conversations import lines_with
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import AT, agent_line, an_agent, customer_line, facts
from shouwen.core.files import read_raw, store_file
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.tests.factories import ContactPointFactory
from shouwen.mailroom.carriers.base import HandOver
from shouwen.mailroom.events import MailArrived
from shouwen.mailroom.models import Inbound, Outbound
from shouwen.mailroom.operations import (
    Origin,
    claim_due,
    queue_mail,
    record_hand_over,
    retry_inbound,
    take_in_mail,
)
from shouwen.mailroom.operations.outgoing import MailDraft
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail
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


@pytest.fixture
def mailbox():
    return MailboxFactory(address="service@shop.example")


@pytest.fixture
def arrive(queue, mailbox):
    """A mail comes through the door and the worker does what it sets off; its row on the ledger."""

    def take(raw: bytes | None = None, **more) -> Inbound:
        raw = raw or a_mail(**more)
        inbound = take_in_mail(raw, origin=Origin(mailbox), by=system_staff()).inbound
        run_waiting_jobs()
        inbound.refresh_from_db()
        return inbound

    return take


def the_conversation() -> Conversation:
    return Conversation.objects.get()


def words(conversation) -> list[str]:
    lines = conversation.lines.filter(kind__in=["visitor", "agent"]).order_by("seq")
    return list(lines.values_list("text", flat=True))


@pytest.fixture
def answered(arrive, agent):
    """A mail, taken by an agent and answered; the answer is on the outbound ledger."""
    arrive()
    conversation = the_conversation()
    claim_conversation(conversation.pk, by=agent, at=AT)
    post_line(agent_line(conversation, agent, "师傅已经出发"), at=timezone.now())
    run_waiting_jobs()
    conversation.refresh_from_db()
    return conversation


def sent() -> Outbound:
    return Outbound.objects.order_by("pk").last()


def as_mail(outbound: Outbound) -> EmailMessage:
    return email.message_from_bytes(read_raw(outbound.raw_key), policy=email.policy.default)


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
        assert [one.conversation for one in lines_with(agent, "维修")] == [conversation]

    def test_the_same_mail_twice_is_one_line(self, arrive):
        inbound = arrive()
        assert arrive().pk == inbound.pk

        assert words(the_conversation()) == ["三号楼的电梯又停了。"]

    def test_the_job_run_twice_is_one_line(self, arrive):
        inbound = arrive()

        make_it_a_conversation(MailArrived(inbound_id=inbound.pk, automatic=""))

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
        arrived = MailArrived(inbound_id=inbound.pk, automatic="")
        for _time in range(INBOUND_ATTEMPTS - 1):
            with pytest.raises(Queue.DoesNotExist):
                make_it_a_conversation(arrived)
        make_it_a_conversation(arrived)

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


class TestOut:
    def test_an_answer_leaves_once_in_its_thread_with_what_it_answers(self, answered):
        outbound = Outbound.objects.get()

        mail = as_mail(outbound)
        assert outbound.recipients == ["li@customer.example"]
        assert mail["Subject"] == "Re: 电梯坏了"
        assert mail["In-Reply-To"] == "<mail-1@customer.example>"
        assert "<mail-1@customer.example>" in mail["References"]
        body = mail.get_body(("plain",)).get_content()
        assert body.startswith("师傅已经出发")
        assert "> 三号楼的电梯又停了。" in body
        line = answered.lines.get(kind="agent")
        assert (line.meta["delivery"], line.meta["outbound_id"]) == ("queued", outbound.pk)

    def test_asked_twice_it_leaves_once(self, answered):
        line = answered.lines.get(kind="agent")

        send_line_as_mail(line.pk, by=system_staff())

        assert Outbound.objects.count() == 1

    def test_files_go_along(self, answered, agent):
        stored = store_file("方案.txt", b"plan")

        post_line(agent_line(answered, agent, "见附件", file_ids=(stored.pk,)), at=AT)
        run_waiting_jobs()

        (attached,) = as_mail(sent()).iter_attachments()
        assert (attached.get_filename(), attached.get_content().strip()) in [
            ("方案.txt", "plan"),
            ("方案.txt", b"plan"),
        ]

    def test_notes_and_chats_are_no_mail(self, agent, queue):
        chat = ConversationFactory(queue=queue, handler=agent)
        mail = ConversationFactory(queue=queue, handler=agent, channel="mail")

        post_line(agent_line(chat, agent), at=AT)
        post_line(customer_line(mail), at=AT)
        run_waiting_jobs()

        assert not Outbound.objects.exists()

    def test_to_a_customer_who_never_wrote_it_goes_to_his_address(self, agent, queue, mailbox):
        point = ContactPointFactory(kind="mail", value="zhou@customer.example")
        mail = ConversationFactory(
            queue=queue,
            handler=agent,
            channel="mail",
            customer=point.customer,
            mailbox=mailbox,
            subject="回复：账单",
        )

        post_line(agent_line(mail, agent, "您的账单"), at=AT)
        run_waiting_jobs()

        assert Outbound.objects.get().recipients == ["zhou@customer.example"]
        assert as_mail(sent())["Subject"] == "回复：账单"

    def test_what_cannot_become_a_mail_says_so_on_the_line(self, agent, queue, mailbox):
        mail = ConversationFactory(queue=queue, handler=agent, channel="mail", mailbox=mailbox)

        line = post_line(agent_line(mail, agent), at=AT)
        run_waiting_jobs()

        line.refresh_from_db()
        assert line.meta["delivery"] == "failed"
        assert line.meta["delivery_error"]
        assert line.rev == 2


class TestFate:
    def hand_over(self, **outcome):
        (outbound,) = claim_due(at=timezone.now(), limit=1)
        result = HandOver(**outcome)
        record_hand_over(outbound.pk, outbound.lease, result, at=timezone.now(), by=system_staff())
        return outbound

    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            ({"accepted": ["li@customer.example"]}, "handed_over"),
            ({"refused": {"li@customer.example": "550 no such user"}}, "failed"),
            ({"postponed": {"li@customer.example": "451 later"}}, "postponed"),
        ],
    )
    def test_is_shown_on_the_line_as_a_change(self, answered, outcome, state):
        before = answered.last_rev

        self.hand_over(**outcome)

        line = answered.lines.get(kind="agent")
        answered.refresh_from_db()
        assert line.meta["delivery"] == state
        assert line.rev == answered.last_rev > before

    def test_a_bounce_is_shown_too(self, answered, arrive):
        outbound = self.hand_over(accepted=["li@customer.example"])
        bounce = (
            "From: MAILER-DAEMON@customer.example\r\nTo: service@shop.example\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b1@customer.example>\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; customer.example\r\n\r\n"
            "Final-Recipient: rfc822; li@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{outbound.message_id}>\r\n\r\n--b--\r\n"
        )

        arrive(bounce.encode())

        line = answered.lines.get(kind="agent")
        assert (line.meta["delivery"], line.meta["delivery_error"]) == ("returned", "5.1.1")
        assert the_conversation() == answered

    def test_mail_that_is_no_line_leaves_lines_alone(self, answered, mailbox):
        draft = MailDraft(key="other:1", to=["a@b.cn"], subject="x", text="y")
        outbound = queue_mail(draft, mailbox=mailbox, by=system_staff())

        assert note_delivery(outbound.pk, state="failed") is None

    def test_taken_in_by_hand_it_is_one_conversation(self, queue, mailbox):
        inbound = take_in_mail(a_mail(), origin=Origin(mailbox), by=system_staff()).inbound

        conversation = take_in_mail_conversation(inbound, by=system_staff(), at=AT)

        assert conversation == the_conversation()
