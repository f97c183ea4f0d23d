"""Answers become mail: once, in their thread, with their fate shown on the line."""

import base64

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.answers import note_delivery, send_line_as_mail
from shouwen.conversations.operations.lines import post_line
from shouwen.conversations.operations.mail import take_in_mail_conversation
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.mailing import as_mail, sent, the_conversation
from shouwen.conversations.tests.make import AT, agent_line, an_agent, customer_line
from shouwen.conversations.tests.socket_driver import STAFF, away, is_lines, lines_in, signed_in
from shouwen.core.files import store_file
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.tests.factories import ContactPointFactory
from shouwen.mailroom.carriers.base import HandOver
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import (
    Origin,
    claim_due,
    queue_mail,
    record_hand_over,
    take_in_mail,
)
from shouwen.mailroom.operations.outgoing import MailDraft
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail

State = Conversation.State
WANG = "王先生 <wang@other.example>"


@pytest.fixture
def queue(db):
    return QueueFactory(is_default=True)


@pytest.fixture
def agent(queue):
    return an_agent(queue, display_name="小美", state=None)


def _b64(text: str, charset: str) -> str:
    return base64.b64encode(text.encode(charset)).decode()


@pytest.mark.django_db
class TestOut:
    def test_an_answer_leaves_once_in_its_thread_with_what_it_answers(self, answered):
        outbound = Outbound.objects.get()

        mail = as_mail(outbound)
        assert outbound.recipients == ["li@customer.example"]
        assert mail["Subject"] == "Re: 电梯坏了"
        assert mail["In-Reply-To"] == "<mail-1@customer.example>"
        assert "<mail-1@customer.example>" in mail["References"]
        body = mail.get_body(("plain",)).get_content()
        assert body.startswith("尊敬的李女士：")
        assert body.index("师傅已经出发") < body.index("此致")
        assert "> 三号楼的电梯又停了。" in body
        line = answered.lines.get(kind="agent")
        assert (line.meta["delivery"], line.meta["outbound_id"]) == ("queued", outbound.pk)

    def test_asked_twice_it_leaves_once(self, answered):
        line = answered.lines.get(kind="agent")

        send_line_as_mail(line.pk, by=system_staff())

        assert Outbound.objects.count() == 1

    def test_an_answer_never_overtakes_the_one_before_whose_worker_died(self, answered, agent):
        first = post_line(agent_line(answered, agent, "第一封"), at=AT)
        second = post_line(agent_line(answered, agent, "第二封"), at=AT)
        jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
        ProcrastinateJob.objects.filter(pk=jobs.first().pk).update(status="doing")

        run_waiting_jobs()

        last_two = Outbound.objects.order_by("pk").values_list("idempotency_key", flat=True)[1:]
        assert list(last_two) == [f"line:{first.pk}", f"line:{second.pk}"]

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


@pytest.mark.django_db
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


class TestScreens:
    def test_the_fate_of_an_answer_appears_on_the_open_screen(self, go):
        agent, mailbox = an_agent(QueueFactory(), state=None), MailboxFactory()
        point = ContactPointFactory(kind="mail", value="zhou@customer.example")
        talk = ConversationFactory(
            handler=agent, channel="mail", customer=point.customer, mailbox=mailbox
        )
        line = post_line(agent_line(talk, agent), at=AT)
        send_line_as_mail(line.pk, by=system_staff())
        cookies = signed_in(agent)

        def hand_over() -> None:
            (outbound,) = claim_due(at=timezone.now(), limit=1)
            taken = HandOver(accepted=["zhou@customer.example"])
            record_hand_over(
                outbound.pk, outbound.lease, taken, at=timezone.now(), by=system_staff()
            )

        async def scenario(connect):
            desk = await connect(STAFF, cookies=cookies)
            desk.send({"type": "follow", "conversation": talk.pk, "after": 0})
            (first,) = lines_in(await desk.until(is_lines))
            await away(hand_over)
            (second,) = lines_in(await desk.until(lambda f: is_lines(f) and f["lines"]))
            assert (first["meta"]["delivery"], second["meta"]["delivery"]) == (
                "queued",
                "handed_over",
            )

        go(scenario)

    @pytest.mark.django_db
    def test_the_fate_of_other_mail_touches_no_conversation(
        self, mailbox, django_capture_on_commit_callbacks
    ):
        draft = MailDraft(key="other:1", to=["a@b.cn"], subject="x", text="y")
        queue_mail(draft, mailbox=mailbox, by=system_staff())
        (outbound,) = claim_due(at=timezone.now(), limit=1)
        refused = HandOver(refused={"a@b.cn": "550"})

        with django_capture_on_commit_callbacks(execute=True):
            record_hand_over(
                outbound.pk, outbound.lease, refused, at=timezone.now(), by=system_staff()
            )

        outbound.refresh_from_db()
        assert outbound.state == Outbound.State.FAILED
        assert not Conversation.objects.exists()
