"""The demo's promises: fault mails answered at once, a platform message overdue, one answered by phone."""

from datetime import datetime, timedelta

from django.utils import timezone

from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.answers import send_line_as_mail
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.operations.phone import Call, answer_by_phone
from shouwen.conversations.operations.serving import claim_conversation
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up
from shouwen.core.clock import acting_at
from shouwen.customers.models import ContactPoint
from shouwen.demo.month import Month
from shouwen.mailroom.models import Mailbox

FAULT_MAILS = (
    ("门禁主机离线", "2 号楼门禁主机从早上起一直离线，刷卡没有反应，请尽快处理。", 6, 4),
    ("地库照明跳闸", "B1 层东区照明跳闸，复位后又跳，现场很暗。", 3, 9),
    ("商铺网络中断", "一层 108 商铺的弱电井断网，收银机无法使用。", 1, 14),
)
FAULT_ANSWER = "已收到您的报障，值班工程师已经出发，预计十分钟内到达现场。"


def tell_promises(month: Month, faults: Mailbox) -> None:
    """What the pages of answering times, first answers and the list 待回复 show."""
    end = timezone.now()
    points = ContactPoint.objects.filter(kind="mail").exclude(customer__name="")
    writers = list(points.select_related("customer").order_by("pk")[:3])
    for writer, mail in zip(writers, FAULT_MAILS, strict=False):
        _fault_mail(month, faults, writer, mail)
    _platform(month, 14, "收到的门锁电池盖裂了，要求退换。", end - timedelta(minutes=25))
    called = _platform(
        month, 17, "投诉：约好上午上门，等到中午没人来。", end - timedelta(minutes=50)
    )
    call = Call(is_reached=True, answer="已致电致歉，改约今天下午三点，客户同意。")
    at = end - timedelta(minutes=44)
    with acting_at(at):
        answer_by_phone(called.pk, call=call, by=month.staff["zhout"], at=at)


def _fault_mail(
    month: Month, mailbox: Mailbox, writer: ContactPoint, mail: tuple[str, str, int, int]
) -> None:
    subject, words, days, minutes = mail
    agent, at = month.staff["limin"], timezone.now() - timedelta(days=days, hours=1)
    with acting_at(at):
        talk = month.arrived(mailbox, writer, subject, words, at)
        claim_conversation(talk.pk, by=agent, at=at)
    later = at + timedelta(minutes=minutes)
    with acting_at(later):
        new = NewLine(conversation_id=talk.pk, kind=Line.Kind.AGENT, text=FAULT_ANSWER, by=agent)
        send_line_as_mail(post_line(new, at=later).pk, by=agent)
        month.hand_over(later)
        summary = Summary(
            kind="repair", demand=subject, points=(Point(text=subject, is_solved=True),)
        )
        finish_wrap_up(talk.pk, summary=summary, by=agent, at=later + timedelta(minutes=20))


def _platform(month: Month, number: int, words: str, at: datetime) -> Conversation:
    contact = Contact(channel="platform", words=words, outcome="")
    with acting_at(at):
        return record_contact(
            contact,
            by=month.staff["zhout"],
            at=at,
            queue=month.queues["tenants"],
            customer=month.customers[number],
        )
