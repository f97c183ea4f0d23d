"""The demo's month, told conversation by conversation through the operations."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from random import Random

from django.utils import timezone

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Conversation, Line, Queue, WidgetSite
from shouwen.conversations.operations.answers import send_line_as_mail
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.lines import NewLine, mark_read, post_line
from shouwen.conversations.operations.mail import take_in_mail_conversation
from shouwen.conversations.operations.opening import open_conversation
from shouwen.conversations.operations.serving import claim_conversation
from shouwen.conversations.operations.tasks import finish_call_back
from shouwen.conversations.operations.visitors import Browser, greet_visitor
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up
from shouwen.core.clock import acting_at
from shouwen.customers.models import ContactPoint, Customer
from shouwen.demo.dialogues import CALLS, DIALOGUES, LIFT, MAILS, A, C, Dialogue
from shouwen.mailroom.carriers.base import HandOver
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations import Origin, take_in_mail
from shouwen.mailroom.operations.sending import claim_due, record_hand_over

DAYS = 30
# What the demo's agents mark of each kind in the summary.
SORTS = {"complaint": "complaint", "suggestion": "suggestion", "repair": "need"}
SEED = 20261122


class Month:
    """Tells the month: the same seed, the same days."""

    def __init__(
        self, staff: dict[str, Staff], customers: list[Customer], queues: dict[str, Queue]
    ) -> None:
        self.random = Random(SEED)  # noqa: S311 - a story, not a secret
        self.staff = staff
        self.customers = customers
        self.queues = queues
        self.agents = [staff[name] for name in ("limin", "chenxd", "liujia", "zhout")]

    def tell(self, site: WidgetSite, mailbox: Mailbox, say: Callable[[str], object]) -> None:
        """A month of chats, mails, calls, visits and letters up to this hour."""
        end = timezone.now()
        for back in range(DAYS, 0, -1):
            day = end - timedelta(days=back)
            for _number in range(self.random.randint(2, 3)):
                self._chat(site, self._moment(day))
            self._written_down(CALLS[back % len(CALLS)], self._moment(day))
            if back % 4 == 0:
                self._mail(mailbox, self.random.choice(MAILS), self._moment(day), is_answered=True)
            if back % 10 == 0:
                say(f"  还剩 {back} 天的故事\n")
        self._today(site, mailbox, end)

    def _moment(self, day: datetime) -> datetime:
        """Some minute of the working day of `day`."""
        local = timezone.localtime(day)
        minute = self.random.randint(8 * 60 + 30, 17 * 60)
        return local.replace(
            hour=minute // 60, minute=minute % 60, second=self.random.randint(0, 59)
        )

    def _chat(self, site: WidgetSite, at: datetime) -> None:
        with acting_at(at):
            dialogue = self.random.choice(DIALOGUES)
            agent = self.random.choice(self.agents)
            conversation = self._opened(site, self.random.choice(self.customers), at)
            end = self._talk(conversation, agent, dialogue, at)
            self._sum_up(conversation, agent, dialogue, end)

    def _opened(self, site: WidgetSite, customer: Customer, at: datetime) -> Conversation:
        visitor, _token = greet_visitor(
            site, Browser(page_url="https://www.jinxiu.example/", page_title="锦绣物业"), at=at
        )
        visitor.customer = customer
        visitor.save(update_fields=["customer"])
        return open_conversation(
            customer=customer,
            queue=site.queue,
            channel=Conversation.Channel.CHAT,
            visitor=visitor,
            at=at,
        )

    def _talk(
        self, conversation: Conversation, agent: Staff, dialogue: Dialogue, at: datetime
    ) -> datetime:
        """The words are said; the moment after the last one."""
        is_claimed = False
        for who, words in dialogue.said:
            if who != C and not is_claimed:
                at += timedelta(seconds=self.random.randint(4, 40))
                claim_conversation(conversation.pk, by=agent, at=at)
                is_claimed = True
            at += timedelta(seconds=self.random.randint(8, 70))
            self._say(conversation, who, words, agent, at)
        return at

    def _say(
        self, conversation: Conversation, who: str, words: str, agent: Staff, at: datetime
    ) -> Line:
        kind = {C: Line.Kind.CUSTOMER, A: Line.Kind.AGENT}.get(who, Line.Kind.NOTE)
        new = NewLine(
            conversation_id=conversation.pk,
            kind=kind,
            text=words,
            by=None if who == C else agent,
            author_name=conversation.customer.display_name if who == C else "",
        )
        line = post_line(new, at=at)
        mark_read(conversation.pk, seq=line.seq, by=None if who == A else agent)
        return line

    def _sum_up(
        self, conversation: Conversation, agent: Staff, dialogue: Dialogue, at: datetime
    ) -> None:
        is_open = bool(dialogue.unsolved) and self.random.random() < 0.25
        sort = SORTS.get(dialogue.kind, "")
        points = [Point(text=dialogue.demand, is_solved=not is_open, sort=sort)]
        if is_open:
            points = [Point(text=dialogue.unsolved, is_solved=False, sort=sort)]
        summary = Summary(
            kind=dialogue.kind,
            demand=dialogue.demand,
            points=tuple(points),
            next_action=dialogue.next_action,
        )
        finish_wrap_up(conversation.pk, summary=summary, by=agent, at=at + timedelta(seconds=50))

    def _written_down(self, call: tuple[str, str, str, str], at: datetime) -> None:
        channel, words, answer, outcome = call
        by = self.staff["sunyue" if channel in {"walk_in", "letter"} else "zhaolei"]
        with acting_at(at):
            conversation = record_contact(
                Contact(channel=channel, words=words, answer=answer, outcome=outcome),
                by=by,
                at=at,
                queue=self.queues["residents"],
                customer=self.random.choice(self.customers),
            )
            if outcome != "answered" and at > timezone.now() - timedelta(days=2):
                return
            for task in conversation.call_backs.all():
                later = at + timedelta(hours=2)
                finish_call_back(task.pk, result="已回电，客户表示清楚。", by=by, at=later)
            dialogue = Dialogue("enquiry", words[:40], ())
            self._sum_up(conversation, by, dialogue, at + timedelta(hours=2, minutes=3))

    def _mail(
        self, mailbox: Mailbox, mail: tuple[str, str, str, str], at: datetime, *, is_answered: bool
    ) -> None:
        name, subject, text, answer = mail
        point = ContactPoint.objects.select_related("customer").get(
            kind="mail", customer__name=name
        )
        with acting_at(at):
            conversation = self.arrived(mailbox, point, subject, text, at)
            if not is_answered:
                return
            agent = self.random.choice(self.agents)
            at += timedelta(minutes=self.random.randint(6, 50))
            claim_conversation(conversation.pk, by=agent, at=at)
            line = self._say(conversation, A, answer, agent, at)
            send_line_as_mail(line.pk, by=agent)
            self.hand_over(at)
            dialogue = Dialogue("enquiry", subject[:40], ())
            self._sum_up(conversation, agent, dialogue, at + timedelta(minutes=2))

    def arrived(
        self, mailbox: Mailbox, point: ContactPoint, subject: str, text: str, at: datetime
    ) -> Conversation:
        """A mail of this writer came and is a conversation."""
        mail = EmailMessage()
        mail["From"] = f"{point.customer.name} <{point.value}>"
        mail["To"] = mailbox.address
        mail["Subject"] = subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<demo-{self.random.getrandbits(60):x}@mail.example>"
        mail.set_content(text)
        by = system_staff()
        taken = take_in_mail(mail.as_bytes(), origin=Origin(mailbox=mailbox), by=by)
        return take_in_mail_conversation(taken.inbound, by=by, at=at)

    def hand_over(self, at: datetime) -> None:
        """The demo has no mail server: what it answered in the past counts as handed over then."""
        later = timezone.now() + timedelta(seconds=1)
        for outbound in claim_due(at=later, limit=20):
            outcome = HandOver(accepted=list(outbound.recipients))
            record_hand_over(outbound.pk, outbound.lease, outcome, at=at, by=system_staff())

    def _today(self, site: WidgetSite, mailbox: Mailbox, end: datetime) -> None:
        """What is going on right now: talks under way, people in the queue, an unread mail."""
        limin, minutes = self.staff["limin"], timedelta(minutes=1)
        lift = self._opened(site, self.customers[0], end - 9 * minutes)
        self._talk(lift, limin, LIFT, end - 9 * minutes)
        self._say(lift, C, "到底什么时候能修好？", limin, end - 2 * minutes)
        Conversation.objects.filter(pk=lift.pk).update(staff_read_seq=lift.last_seq)
        for number, dialogue in ((3, DIALOGUES[4]), (8, DIALOGUES[6])):
            talk = self._opened(site, self.customers[number], end - 30 * minutes)
            self._talk(talk, limin, dialogue, end - 30 * minutes)
        self._mail(mailbox, MAILS[4], end - 20 * minutes, is_answered=False)
        for number, words in (
            (11, "6栋2单元的水压很小，洗澡都出不来水"),
            (6, "请问今天谁值班？我家门锁打不开了"),
        ):
            waiting = self._opened(site, self.customers[number], end - minutes)
            self._say(waiting, C, words, limin, end - minutes)
            Conversation.objects.filter(pk=waiting.pk).update(staff_read_seq=0)
