"""The demo's company: departments, staff, queues, widget, mailbox."""

from dataclasses import dataclass

from shouwen.accounts.models import Department, Role, Staff
from shouwen.accounts.operations.departments import change_company, found_departments
from shouwen.accounts.operations.staff import create_staff
from shouwen.accounts.queries import system_staff
from shouwen.conversations.letters import OPENING
from shouwen.conversations.models import MailDesk, Queue, WidgetSite
from shouwen.conversations.operations.desks import save_mail_desk
from shouwen.conversations.operations.setup import save_queue, save_widget_site
from shouwen.deadlines.queries import ALWAYS, calendar_by_code
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations import save_mailbox

NAME = "锦绣物业服务有限公司"
PASSWORD = "jinxiu-2026"  # noqa: S105 - printed at every start of the demo
FAULT_CLOSING = "工程值班 24 小时在岗，如情况变化请直接拨打 021-5055 8888。\n\n此致\n敬礼！\n\n{company} {me}\n{date}"
SITE_KEY = "jinxiu2026demo00"


@dataclass(frozen=True)
class Person:
    """A member of the demo's staff."""

    username: str
    number: str
    name: str
    role: str
    department: str
    public_name: str = ""
    limit: int = 5
    languages: tuple[str, ...] = ("zh",)
    skills: tuple[str, ...] = ()


PEOPLE = [
    Person(
        "limin", "1001", "李敏", "agent", "property-service", "小敏", 6, skills=("投诉", "报修")
    ),
    Person("chenxd", "1002", "陈晓东", "online_agent", "property-service", "晓东", 5),
    Person("liujia", "1003", "刘佳", "online_agent", "property-service", "佳佳", 5, ("zh", "en")),
    Person("zhaolei", "1004", "赵磊", "phone_agent", "property-service", "", 3),
    Person("sunyue", "1005", "孙悦", "front_desk", "property-service", "", 3),
    Person("zhout", "1006", "周婷", "aftersale_agent", "property-service", "婷婷", 5),
    Person("wangfang", "2001", "王芳", "supervisor", "property-service", "", 4),
    Person("hejing", "2002", "何静", "shift_leader", "property-service", "", 4),
    Person("wutao", "2003", "吴涛", "quality_inspector", "service", "", 0),
    Person("linhai", "2004", "林海", "service_manager", "service", "", 2),
    Person("zhanggong", "3001", "张建国", "technician", "engineering", "张工", 0),
    Person("admin", "9001", "钱立", "administrator", "administration", "", 0),
]


def build_company() -> dict[str, Staff]:
    """The company is set up with its people; the staff by sign-in name."""
    by = system_staff()
    change_company(by=by, name=NAME, time_zone="Asia/Shanghai", is_set_up=True)
    found_departments(trade="property", by=by)
    departments = {one.code: one for one in Department.objects.all()}
    desk = departments["property-service"]
    change_company(by=by, hotline_department=desk, complaint_department=desk)
    roles = {one.code: one for one in Role.objects.all()}
    return {
        one.username: create_staff(
            password=PASSWORD,
            roles=[roles[one.role]],
            by=by,
            username=one.username,
            staff_number=one.number,
            name=one.name,
            display_name=one.public_name,
            phone=f"1391668{one.number}",
            mail=f"{one.username}@jinxiu.example",
            address="上海市浦东新区张江路 88 号" if one.number < "3000" else "",
            department=departments[one.department],
            reception_limit=one.limit,
            languages=list(one.languages),
            skills=list(one.skills),
        )
        for one in PEOPLE
    }


def build_queues(staff: dict[str, Staff]) -> dict[str, Queue]:
    """Three queues: the residents', the one for English mail and shops, and the intake of fault reports."""
    by = system_staff()
    service = staff["limin"].department
    residents = Queue(
        code="residents",
        name="业主服务",
        department=service,
        is_default=True,
        owner=staff["wangfang"],
    )
    members = [staff[name] for name in ("limin", "chenxd", "liujia", "zhaolei", "sunyue", "hejing")]
    save_queue(residents, members=members, by=by)
    tenants = Queue(
        code="tenants",
        name="商户与租赁",
        department=service,
        owner=staff["zhout"],
        waiting_limit=10,
    )
    save_queue(tenants, members=[staff["zhout"], staff["liujia"]], by=by)
    faults = Queue(
        code="faults",
        name="故障上报",
        department=service,
        owner=staff["hejing"],
        calendar=calendar_by_code(ALWAYS),
        is_fault_intake=True,
    )
    save_queue(faults, members=[staff["limin"], staff["zhaolei"]], by=by)
    return {"residents": residents, "tenants": tenants, "faults": faults}


def build_widget(queues: dict[str, Queue]) -> WidgetSite:
    """The chat on the company's website."""
    site = WidgetSite(
        key=SITE_KEY,
        name="锦绣物业官网",
        title="锦绣物业客服",
        greeting="您好！锦绣物业客服中心，请问有什么可以帮助您？",
        offline_text="现在没有客服在线，请留言并留下您的电话，我们上班后第一时间给您回复。",
        queue=queues["residents"],
    )
    return save_widget_site(site, by=system_staff())


def build_mailbox(department: Department | None) -> Mailbox:
    """The company's mailbox; switched off when the story is told: the demo reaches no mail server."""
    mailbox = Mailbox(
        name="客服信箱",
        address="kefu@jinxiu.example",
        from_name="锦绣物业客服中心",
        department=department,
        is_default=True,
        imap_host="imap.jinxiu.example",
        smtp_host="smtp.jinxiu.example",
    )
    return save_mailbox(mailbox, passwords={}, by=system_staff())


def build_fault_mailbox(queue: Queue) -> Mailbox:
    """The mailbox to which residents and shops report faults."""
    mailbox = Mailbox(
        name="故障上报信箱",
        address="guzhang@jinxiu.example",
        from_name="锦绣物业工程值班",
        department=queue.department,
        imap_host="imap.jinxiu.example",
        smtp_host="smtp.jinxiu.example",
    )
    save_mailbox(mailbox, passwords={}, by=system_staff())
    desk = MailDesk(mailbox=mailbox, queue=queue, opening=OPENING, closing=FAULT_CLOSING)
    save_mail_desk(desk, by=system_staff())
    return mailbox


def switch_off(*mailboxes: Mailbox) -> None:
    """Nothing is fetched or sent there any more; the page of mailboxes says so."""
    for mailbox in mailboxes:
        mailbox.is_active = False
        save_mailbox(mailbox, passwords={}, by=system_staff())
