"""`prepare --demo` builds the company once and always says how to sign in."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.core.slots import panel
from shouwen.demo.company import (
    PASSWORD,
    SITE_KEY,
    build_company,
    build_fault_mailbox,
    build_mailbox,
    build_queues,
    build_widget,
    switch_off,
)
from shouwen.demo.matters import Matters
from shouwen.demo.month import Month
from shouwen.demo.promises import tell_promises
from shouwen.demo.residents import build_residents

LOGINS = """
  演示账号（密码都是 {password}）：
    limin     李敏   客服专员        wangfang  王芳   客服主管
    linhai    林海   客服部经理      admin     钱立   管理员
  访客演示页：{url}/widget-demo/{key}
"""


@panel("install.demo")
def build_demo(say: Callable[[str], object]) -> None:
    """The demo company is there; a database that has staff already is left alone."""
    if not Staff.objects.people().exists():
        say("正在搭建演示公司：锦绣物业，12 名员工，一个月的往来……\n")
        _build(say)
    if Staff.objects.filter(username="limin").exists():
        say(LOGINS.format(password=PASSWORD, url=settings.PUBLIC_URL, key=SITE_KEY))


@transaction.atomic
def _build(say: Callable[[str], object]) -> None:
    staff = build_company()
    queues = build_queues(staff)
    site = build_widget(queues)
    mailbox = build_mailbox(staff["limin"].department)
    faults = build_fault_mailbox(queues["faults"])
    customers = build_residents(system_staff())
    month = Month(staff, customers, queues)
    month.tell(site, mailbox, say)
    tell_promises(month, faults)
    Matters(staff, customers).tell(say)
    switch_off(mailbox, faults)
