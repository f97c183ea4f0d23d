"""A company of two departments that may not see each other's customers, and everybody who might try.

What belongs to one department carries its secret word: 北密 or 南密. Whoever sees the other's has found a leak.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shouwen.accounts.models import (
    Company,
    Department,
    PostMessage,
    PostProfile,
    Role,
    SignIn,
    Staff,
)
from shouwen.accounts.roles import POSTS
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.api.models import ApiKey
from shouwen.api.tests.factories import make_key
from shouwen.cases.models import Answer as CaseAnswer
from shouwen.cases.models import (
    Approval,
    CasePromise,
    CaseReport,
    EnteredFigure,
    Escalation,
    HandOff,
    Incident,
    Misconduct,
    ReceivedLetter,
    Remedy,
    ReportRule,
)
from shouwen.cases.operations.statuslinks import make_link
from shouwen.cases.statuslinks import status_token
from shouwen.cases.tests.make import a_case, a_kind
from shouwen.conversations.models import (
    CallBack,
    ContactKind,
    HarassmentMark,
    Line,
    ReportSpan,
    SummaryPoint,
    WrapUp,
)
from shouwen.conversations.tests.factories import (
    CallBackFactory,
    ConversationFactory,
    LineFactory,
    QueueFactory,
    VisitorFactory,
    WidgetSiteFactory,
)
from shouwen.core.files import file_token, store_file, store_raw
from shouwen.customers.models import Customer, CustomerTag, Tag
from shouwen.customers.tests.factories import (
    AssetFactory,
    ContactPointFactory,
    CustomerFactory,
    FriendGroupFactory,
    TagFactory,
)
from shouwen.deadlines.models import CalendarDay
from shouwen.deadlines.tests.factories import make_calendar
from shouwen.exports.models import Export
from shouwen.knowledge.models import Answer, Taboo
from shouwen.knowledge.tests.factories import PhraseFactory
from shouwen.mailroom.models import DropRule, Outbound
from shouwen.mailroom.tests.factories import InboundFactory, MailboxFactory, a_mail
from shouwen.notices.models import FaultReport, Notice
from shouwen.notices.operations import check_start_of_day
from shouwen.quality.tests.make import a_standard, the_rule
from tests.attack.shelf import filed

# Roles whose sight ends at their department, or should: tried from both sides.
NEAR = ("agent", "chat_companion", "supervisor", "institution_head", "technician")
# Roles that see everything, and those who should see nothing.
FAR = ("service_manager", "duty_manager", "quality_inspector", "administrator")
NOBODY, LEAVER, ANONYMOUS = "nobody", "leaver", "anonymous"
SIDES = ("north", "south")
WORD = "company"  # a set-up step, and a tag: a word that stands for something in every address
SECRETS = {"north": "北密", "south": "南密"}


@dataclass(frozen=True)
class Actor:
    """Somebody who tries: a role in a department, nobody in particular, or nobody at all."""

    role: str
    side: str

    def __str__(self) -> str:
        return f"{self.role}-{self.side}"

    @property
    def reach(self) -> str:
        """How far the role sees, as the table of posts says."""
        return POSTS[self.role].reach if self.role in POSTS else Role.Reach.OWN.value

    @property
    def is_staff(self) -> bool:
        return self.role not in {LEAVER, ANONYMOUS}

    def foreign_secret(self) -> str:
        """The word this actor must never read; empty for those whose reach is everything."""
        if self.is_staff and self.reach == Role.Reach.ALL:
            return ""
        return SECRETS["south" if self.side == "north" else "north"]


ACTORS = (
    *(Actor(role, side) for side in SIDES for role in (*NEAR, NOBODY)),
    *(Actor(role, "north") for role in (*FAR, LEAVER, ANONYMOUS)),
)


@dataclass
class Side:
    """One department's people and things, by the name that addresses give them."""

    name: str
    department: Department
    staff: dict[str, Staff] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """Both departments."""

    sides: dict[str, Side]

    def person(self, actor: Actor) -> Staff | None:
        """The row behind an actor."""
        return self.sides[actor.side].staff.get(actor.role)


def make_world() -> World:
    """The company, written through factories."""
    Company.objects.create(pk=1, name="首问物业", is_set_up=True)
    shared = {name: make() for name, make in COMPANY_WIDE.items()}
    return World({name: _side(name, shared) for name in SIDES})


def _side(name: str, shared: dict[str, Any]) -> Side:
    secret = SECRETS[name]
    side = Side(name, DepartmentFactory(name=f"{name} department"))
    for role in (*NEAR, *FAR):
        side.staff[role] = StaffFactory(role=role, department=side.department)
    side.staff[NOBODY] = StaffFactory(department=side.department)
    for one in side.staff.values():
        check_start_of_day({}, at=timezone.now(), by=one)
    side.staff[LEAVER] = StaffFactory(role="agent", department=side.department, is_active=False)
    side.things |= shared
    _conversations(side, secret)
    _own_things(side, secret)
    _cases(side, secret)
    return side


def _conversations(side: Side, secret: str) -> None:
    agent, now = side.staff["agent"], timezone.now()
    queue = QueueFactory(
        code=f"queue-{side.name}",
        department=side.department,
        members=[agent, side.staff["supervisor"]],
    )
    customer = CustomerFactory(
        name=f"{secret}客户",
        remarks=f"{secret}备注",
        flag="red",
        flag_note=f"{secret}旗",
        department=side.department,
        keeper=agent,
        number=f"KH-{side.name}",
    )
    mail = ContactPointFactory(
        customer=customer,
        kind="mail",
        value=f"{secret}@{side.name}.example",
        normalised=f"{secret}@{side.name}.example",
    )
    CustomerTag.objects.create(
        customer=customer, tag=Tag.objects.get_or_create(name=WORD)[0], added_by=agent
    )
    served = ConversationFactory(
        queue=queue, handler=agent, customer=customer, subject=f"{secret}标题"
    )
    line = LineFactory(conversation=served, text=f"{secret}来信")
    stored = store_file(f"{secret}.txt", f"{secret}附件".encode())
    LineFactory(conversation=served, text=f"{secret}答复", by=agent, file_ids=(stored.pk,))
    LineFactory(conversation=served, text=f"{secret}便签", by=agent, kind=Line.Kind.NOTE)
    closed = ConversationFactory(
        queue=queue, state="closed", customer=customer, subject=f"{secret}旧事"
    )
    wrap_up = WrapUp.objects.create(
        conversation=closed, by=agent, demand=f"{secret}诉求", is_draft=False, finished_at=now
    )
    site = WidgetSiteFactory(queue=queue)
    visitor = VisitorFactory(site=site, token=f"token-of-{side.name}", customer=customer)
    side.secrets |= {"visitor_token": f"token-of-{side.name}"}
    waiting = ConversationFactory(queue=queue, customer=customer, visitor=visitor)
    LineFactory(conversation=waiting, text=f"{secret}等候")
    side.things |= {
        "conversation_id": served.pk,
        "waiting_id": waiting.pk,
        "line_id": line.pk,
        "customer_id": customer.pk,
        "contact_id": mail.pk,
        "asset_id": AssetFactory(customer=customer, label=f"{secret}房").pk,
        "queue_id": queue.pk,
        "site_id": site.pk,
        "site_key": site.key,
        "call_back_id": CallBackFactory(
            conversation=served, owner=agent, note=f"{secret}回电", reason=CallBack.Reason.MISSED
        ).pk,
        "point_id": SummaryPoint.objects.create(
            wrap_up=wrap_up, text=f"{secret}未决", owner=agent, raised_at=now
        ).pk,
        "mark_id": HarassmentMark.objects.create(
            customer=customer, conversation=served, reason="辱骂", by=agent
        ).pk,
        "file_token": file_token(stored),
        "file_name": stored.name,
        "department_id": side.department.pk,
    }


def _cases(side: Side, secret: str) -> None:
    agent, now = side.staff["agent"], timezone.now()
    steps = [{"code": "hear", "name": "听清楚", "stage": "archive"}]
    case = a_case(
        agent,
        kind=a_kind(clocks=[], steps=steps, is_public=True),
        customer=Customer.objects.get(pk=side.things["customer_id"]),
        matter=f"{secret}事由",
        at=now,
    )
    by_agent = {"case": case, "by": agent}
    promised = {"at": now, "due_at": now + timedelta(days=1), "text": f"{secret}承诺"}
    handed = {"sent_at": now, "last_progress_at": now, "customer_words": f"{secret}原话"}
    told = {"way": "call", "at": now, "text": f"{secret}答复", "is_not_ours": True}
    asked = {"about": "proposal", "text": f"{secret}方案", "role_code": "supervisor"}
    reached = {"level": 1, "role_code": "supervisor", "how": "hand", "reason": f"{secret}升级"}
    made = {
        "task_id": HandOff(**by_agent, **handed, department=side.department, task="检查"),
        "approval_id": Approval(case=case, asked_by=agent, asked_at=now, **asked),
        "remedy_id": Remedy(**by_agent, at=now, code="apology", name="道歉", state="offered"),
        "case_answer_id": CaseAnswer(**by_agent, **told),
        "promise_id": CasePromise(**by_agent, **promised),
        "escalation_id": Escalation(**by_agent, **reached, at=now),
        "receipt_id": ReceivedLetter(**by_agent, number=f"SW-{side.name}", received_at=now),
        "misconduct_id": Misconduct(
            staff=agent,
            kind="favour",
            text=f"{secret}违规",
            reported_by=StaffFactory(),
            reported_at=now,
        ),
    }
    for row in made.values():
        row.save(force_insert=True)
    side.things["report_id"] = _case_report(side, secret)
    link = make_link(case, at=now)
    side.things |= {"case_id": case.pk, "link_token": status_token(link.ref)}
    side.things |= {name: row.pk for name, row in made.items()}
    side.things |= filed(made["case_answer_id"], secret)


def _case_report(side: Side, secret: str) -> int:
    day = timezone.localdate()
    report = CaseReport.objects.create(
        span="day",
        first_day=day,
        last_day=day,
        department=side.department,
        title=f"{secret}日报",
        text=f"{secret}说明",
    )
    return int(report.pk)


def _own_things(side: Side, secret: str) -> None:
    agent, now = side.staff["agent"], timezone.now()
    make_key(agent)
    side.things |= {
        "staff_id": agent.pk,
        "phrase_id": PhraseFactory(owner=agent, title=f"{secret}短语").pk,
        "notice_id": Notice.objects.create(
            staff=agent, kind="test", text=f"{secret}通知", created_at=now
        ).pk,
        "sign_in_id": SignIn.objects.create(
            staff=agent, address="192.0.2.7", device=f"{secret}机", at=now, last_seen_at=now
        ).pk,
        "fault_id": FaultReport.objects.create(
            number=f"GZ-{side.name}",
            kind=FaultReport.Kind.choices[0][0],
            text="打印机不转",
            noticed_at=now - timedelta(minutes=5),
            reported_by=agent,
        ).pk,
        "export_id": Export.objects.create(
            name="customers",
            by=side.staff["supervisor"],
            state=Export.State.READY,
            key=store_raw(f"{secret}导出".encode()),
            size=12,
            expires_at=now + timedelta(days=1),
        ).pk,
        "key_id": ApiKey.objects.get(staff=agent).pk,
    }


def _post() -> PostProfile:
    author = StaffFactory(role="administrator")
    return PostProfile.objects.create(
        code="attack-post", name="客服专员", author=author, status=PostProfile.Status.DRAFT
    )


def _message() -> int:
    profile = _post()
    message = PostMessage.objects.create(
        profile=profile, kind="feedback", text="建议", by=profile.author, at=timezone.now()
    )
    return int(message.pk)


def _outbound() -> int:
    now = timezone.now()
    outbound = Outbound.objects.create(
        mailbox=MailboxFactory(),
        idempotency_key="attack",
        message_id="attack@shop.example",
        recipients=["li@customer.example"],
        pending=["li@customer.example"],
        raw_key=store_raw(a_mail()),
        next_try_at=now,
        give_up_at=now + timedelta(days=1),
    )
    return int(outbound.pk)


def _day() -> int:
    day = CalendarDay.objects.create(calendar=make_calendar(), day=timezone.localdate())
    return int(day.pk)


def _rule() -> DropRule:
    values = {"name": "规则", "kind": DropRule.Kind.SENDER, "pattern": "x@attack.example"}
    return DropRule.objects.get_or_create(code="attack-rule", defaults=values)[0]


def _entered() -> EnteredFigure:
    by = StaffFactory(role="supervisor")
    given = {"measure": "complaints", "year": 1995, "value": 55}
    return EnteredFigure.objects.create(**given, by=by, at=timezone.now())


# What the whole company shares: whoever has the permission may reach it, whichever his department.
COMPANY_WIDE: dict[str, Callable[[], Any]] = {
    "message_id": _message,
    "post_id": lambda: PostProfile.objects.get(code="attack-post").pk,
    "role_id": lambda: Role.objects.get_or_create(code="attack-role")[0].pk,
    "mailbox_id": lambda: MailboxFactory().pk,
    "inbound_id": lambda: InboundFactory().pk,
    "outbound_id": _outbound,
    "rule_id": lambda: _rule().pk,
    "incident_id": lambda: (
        Incident.objects.create(
            number="SJ-attack", title="停电", owner=StaffFactory(), found_at=timezone.now()
        ).pk
    ),
    "tag_id": lambda: TagFactory(name="攻防").pk,
    "group_id": lambda: FriendGroupFactory().pk,
    "day_id": _day,
    "report_rule_id": lambda: (
        ReportRule.objects.create(
            span="year", name="年报", writer_role="x", reader_role="x", due_minutes=1020
        ).pk
    ),
    "entered_id": lambda: _entered().pk,
    "taboo_id": lambda: Taboo.objects.get_or_create(text="攻防忌语")[0].pk,
    "answer_id": lambda: Answer.objects.create(title="问", text="答", by=StaffFactory()).pk,
    "kind_id": lambda: ContactKind.objects.get(code="other").pk,
    "document_id": lambda: the_rule().pk,
    "rule_code": lambda: the_rule().code,
    "standard_id": lambda: a_standard(StaffFactory(role="administrator")).pk,
    "span_id": lambda: ReportSpan.objects.earliest("pk").pk,
    "calendar_id": lambda: CalendarDay.objects.latest("pk").calendar_id,
}
