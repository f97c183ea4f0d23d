"""Answers by mail as letters, and how quickly first answers come."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouwen.conversations.letters import CLOSING, OPENING, filled_in, letter
from shouwen.conversations.models import Conversation, Line, MailDesk
from shouwen.conversations.operations.desks import save_mail_desk
from shouwen.conversations.queries.responses import first_responses
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.mailing import as_mail, the_conversation
from shouwen.conversations.tests.make import agent_line, an_agent, ask, post, sign_in
from shouwen.core.clock import local_day
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.mailroom.models import Outbound

pytestmark = pytest.mark.django_db
Channel, State = Conversation.Channel, Conversation.State


@pytest.fixture
def queue(calendar):
    return QueueFactory(calendar=calendar)


class TestLetter:
    def test_says_nothing_twice(self):
        assert letter("师傅下午到。", opening="尊敬的周女士：", closing="此致\n敬礼！") == (
            "尊敬的周女士：\n\n师傅下午到。\n\n此致\n敬礼！"
        )
        own = "尊敬的业主：\n师傅下午到。\n此致 敬礼"
        assert letter(own, opening="尊敬的周女士：", closing="此致\n敬礼！") == own

    def test_only_its_own_places_are_filled(self):
        words = {"customer": "周玉兰", "title": "女士"}
        assert (
            filled_in("{customer}{title} {{7*7}} {settings}", words)
            == "周玉兰女士 {{7*7}} {settings}"
        )

    @pytest.mark.duty("D109")
    def test_an_answer_by_mail_is_addressed_and_signed(self, arrive, agent):
        arrive()
        talk = the_conversation()
        talk.handler = talk.first_responder = agent
        talk.state = State.OPEN
        talk.save()
        post(agent_line(talk, agent, "师傅已经出发"))
        run_waiting_jobs()
        text = _text_of(Outbound.objects.get())
        assert text.startswith(f"尊敬的{talk.customer.name}")
        assert "师傅已经出发" in text
        assert text.index("师傅已经出发") < text.index("此致") < text.index(agent.public_name)
        assert talk.lines.get(kind=Line.Kind.AGENT).text == "师傅已经出发"

    def test_a_mailbox_words_its_own_or_none(self, arrive, agent, mailbox, queue):
        boss = an_agent(queue, role="service_manager", state=None)
        save_mail_desk(MailDesk(mailbox=mailbox, has_frame=False), by=boss)
        arrive()
        talk = the_conversation()
        Conversation.objects.filter(pk=talk.pk).update(
            handler=agent, first_responder=agent, state="open"
        )
        post(agent_line(talk, agent, "师傅已经出发"))
        run_waiting_jobs()
        assert _text_of(Outbound.objects.get()).startswith("师傅已经出发")

    def test_the_page_saves_it(self, client, mailbox, queue):
        sign_in(client, an_agent(queue, role="service_manager", state=None))
        url = reverse("conversations:mail_desk", args=[mailbox.pk])
        assert "尊敬的" in client.get(url).content.decode()
        data = {"queue": queue.pk, "has_frame": "on", "opening": OPENING, "closing": CLOSING}
        assert client.post(url, data).status_code == 302
        assert mailbox.desk.queue == queue
        assert (
            history_of("mailbox", mailbox.pk).filter(name="conversations.MailDeskChanged").exists()
        )


def _text_of(outbound: Outbound) -> str:

    body = as_mail(outbound).get_body(("plain",))
    return body.get_content()


class TestFirstResponses:
    @pytest.mark.duty("D613")
    def test_of_the_fault_mailbox_the_quickest_is_measured(self, arrive, mailbox, calendar):
        fault = QueueFactory(is_fault_intake=True, calendar=calendar, name="故障上报")
        boss = an_agent(fault, role="service_manager", state=None)
        save_mail_desk(MailDesk(mailbox=mailbox, queue=fault), by=boss)
        for number, minutes in enumerate((4, 10, 30)):
            arrive(subject=f"系统故障{number}", number=number)
            talk = Conversation.objects.order_by("-pk").first()
            assert talk.queue == fault
            assert talk.reply_due_at
            Conversation.objects.filter(pk=talk.pk).update(
                first_answered_at=talk.opened_at + timedelta(minutes=minutes)
            )
        day = local_day(talk.opened_at)
        (row,) = first_responses(boss, first_day=day, last_day=day)
        assert (row.channel, row.queue, row.is_fault_intake) == ("mail", "故障上报", True)
        assert (row.came, row.answered) == (3, 3)
        assert (row.quickest, row.median, row.slowest) == (240, 600, 1800)

    @pytest.mark.duty("D613")
    def test_the_page_opens_to_the_rows(self, client, queue, agent):
        talk = ask(ConversationFactory(queue=queue, channel=Channel.MAIL))
        sign_in(client, agent)
        page = client.get(reverse("conversations:responses")).content.decode()
        assert f"channel=mail&amp;queue={queue.pk}" in page
        rows = client.get(
            reverse("conversations:rows"),
            {
                "tab": "all",
                "channel": "mail",
                "queue": queue.pk,
                "day": local_day(talk.opened_at).isoformat(),
            },
        )
        assert f'id="row-{talk.pk}"' in rows.content.decode()
