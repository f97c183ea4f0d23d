"""What the fault tests find in a fresh installation: a widget, an agent, a key, a mailbox.

Runs inside the product (`shouwen shell`), so that everything is made by its own operations.
"""

import json
import sys
from dataclasses import asdict

from django.test import Client
from django.utils import timezone

from shouwen.accounts.models import Department, Role
from shouwen.accounts.operations.departments import found_departments
from shouwen.accounts.operations.staff import create_staff
from shouwen.accounts.queries import system_staff
from shouwen.api.models import ApiKey
from shouwen.api.operations import make_api_key
from shouwen.api.scopes import all_scopes
from shouwen.conversations.models import WidgetSite
from shouwen.conversations.operations.setup import ensure_default_queue, save_widget_site
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations import save_mailbox
from shouwen.mailroom.tests.servers import PASSWORD
from tests.faults.scene import MAIL_USER, SITE, Stage


def build(*, imap_port: int, smtp_port: int) -> None:
    """Everything is there; the keys are printed as JSON."""
    by = system_staff()
    found_departments(by=by)
    service = Department.objects.get(code="service")
    queue = ensure_default_queue(name="客服", department=service, by=by)
    save_widget_site(WidgetSite(key=SITE, name="测试", title="测试", queue=queue), by=by)
    agent = create_staff(
        by=by,
        username="wangfang",
        staff_number="2001",
        name="王芳",
        department=service,
        roles=[Role.objects.get(code="administrator")],
        password="jinxiu-2026",
    )
    colleagues = [
        create_staff(
            by=by,
            username=username,
            staff_number=number,
            name=name,
            department=service,
            roles=[Role.objects.get(code="agent")],
        )
        for username, number, name in (("limin", "1001", "李敏"), ("liujia", "1002", "刘佳"))
    ]
    client = Client()
    client.force_login(agent)
    scopes = [code for code, _label in all_scopes()]
    key = make_api_key("load", staff=agent, scopes=scopes, at=timezone.now(), by=by)
    ApiKey.objects.update(requests_per_minute=1_000_000)
    if imap_port:
        _mailbox(imap_port, smtp_port)
    stage = Stage(
        session=client.cookies["shouwen"].value,
        api_key=key.secret,
        colleagues=[one.pk for one in colleagues],
    )
    sys.stdout.write(json.dumps(asdict(stage)) + "\n")


def _mailbox(imap_port: int, smtp_port: int) -> None:
    mailbox = Mailbox(
        name="信箱",
        address="fuwu@shop.example",
        is_default=True,
        imap_host="127.0.0.1",
        imap_port=imap_port,
        imap_security=Mailbox.Security.NONE,
        imap_username=MAIL_USER,
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_security=Mailbox.Security.NONE,
        poll_seconds=5,
    )
    save_mailbox(mailbox, passwords={"imap_password": PASSWORD}, by=system_staff())
