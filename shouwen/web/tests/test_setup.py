"""The first run: for who knows the code, four steps, each kept, only before the set-up is complete."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.operations.roles import install_roles
from shouwen.accounts.queries import company, system_staff
from shouwen.conversations.models import WidgetSite
from shouwen.mailroom.carriers.base import Check
from shouwen.mailroom.models import Mailbox
from shouwen.web.firstrun import setup_code

pytestmark = pytest.mark.django_db
COMPANY = {"name": "锦江物业", "time_zone": "Asia/Shanghai"}
ADMINISTRATOR = {
    "name": "王芳",
    "username": "wangfang",
    "mail": "wang@example.com",
    "password": "竹外桃花三两枝9",
    "repeated": "竹外桃花三两枝9",
}
MAILBOX = {
    "address": "service@qq.com",
    "password": "code",
    "imap_port": 993,
    "imap_security": "tls",
    "smtp_port": 465,
    "smtp_security": "tls",
}
WIDGET = {"title": "在线客服", "greeting": "您好", "allowed_origins": "https://www.example.com"}


@pytest.fixture(autouse=True)
def roles():
    system_staff()
    install_roles()


@pytest.fixture
def client(client):
    """Somebody who has read the code where the server was started."""
    assert client.post(step("code"), {"code": setup_code()})["Location"] == reverse("web:setup")
    return client


def step(name):
    return reverse("web:setup_step", args=[name])


class TestCode:
    @pytest.fixture
    def stranger(self):
        return Client()

    @pytest.mark.parametrize("name", ["company", "administrator", "mailbox", "widget"])
    def test_a_stranger_gets_no_further_than_the_question(self, stranger, name):
        for answer in (
            stranger.get(step(name)),
            stranger.post(step(name), COMPANY | ADMINISTRATOR),
        ):
            assert answer["Location"] == step("code")
        assert not Staff.objects.people().exists()
        assert company().name == ""

    @pytest.mark.parametrize("wrong", ["", "AAAA-AAAA-AAAA", "é", "1" * 30])
    def test_a_wrong_code_opens_nothing(self, stranger, wrong):
        assert stranger.post(step("code"), {"code": wrong}).status_code == 422
        assert stranger.get(step("company"))["Location"] == step("code")

    def test_typed_without_dashes_and_in_small_letters_is_right(self, stranger):
        typed = setup_code().replace("-", " ").lower()

        assert stranger.post(step("code"), {"code": typed})["Location"] == reverse("web:setup")
        assert stranger.get(step("company")).status_code == 200

    def test_guessing_is_not_looked_at_after_twenty_tries(self, stranger):
        for _time in range(20):
            stranger.post(step("code"), {"code": "AAAA-AAAA-AAAA"})

        assert stranger.post(step("code"), {"code": setup_code()}).status_code == 422
        assert stranger.get(step("company"))["Location"] == step("code")
        elsewhere = Client(REMOTE_ADDR="198.51.100.7")
        assert elsewhere.post(step("code"), {"code": setup_code()}).status_code == 302

    def test_is_not_asked_once_there_is_an_administrator(self, client, stranger):
        client.post(step("company"), COMPANY)
        client.post(step("administrator"), ADMINISTRATOR)

        assert stranger.get(step("code"))["Location"] == reverse("web:setup")
        assert stranger.get(step("company"))["Location"].startswith(reverse("accounts:sign_in"))

    def test_differs_from_one_installation_to_the_next(self, settings):
        before = setup_code()
        settings.SECRET_KEY = "another"

        assert setup_code() != before
        assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", before)

    def test_whoever_starts_the_server_reads_it(self, client):
        assert setup_code() in said("prepare")
        assert said("setup_code").strip() == setup_code()

        client.post(step("company"), COMPANY)
        client.post(step("administrator"), ADMINISTRATOR)

        assert setup_code() not in said("prepare")
        assert "administrator" in said("setup_code")


def said(command):
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def checks(monkeypatch):
    """What the mail servers say."""
    said = [Check("fetch", is_well=True, words="ok"), Check("send", is_well=True, words="ok")]
    monkeypatch.setattr("shouwen.web.views.setup.EmailCarrier.check", lambda self, mailbox: said)
    return said


def test_from_nothing_to_the_line_for_the_website(client, checks):
    assert client.get("/setup/")["Location"] == step("company")
    assert client.get(step("company")).status_code == 200
    assert client.post(step("company"), COMPANY)["Location"] == step("administrator")
    assert client.get(step("administrator")).status_code == 200
    assert client.post(step("administrator"), ADMINISTRATOR)["Location"] == step("mailbox")
    assert client.get(step("mailbox")).status_code == 200
    assert client.post(step("mailbox"), MAILBOX)["Location"] == step("widget")
    assert client.get(step("widget")).status_code == 200
    assert client.post(step("widget"), WIDGET)["Location"] == step("done")

    site = WidgetSite.objects.get()
    page = client.get(step("done")).content.decode()
    assert f"/widget/{site.key}.js" in page
    assert company().is_set_up
    assert Staff.objects.people().get().role_list[0].code == "administrator"
    assert Mailbox.objects.get().imap_host == "imap.qq.com"
    assert Department.objects.filter(code="service").exists()
    assert client.get("/setup/")["Location"] == "/"


def test_goes_on_where_it_was_left(client, checks):
    client.post(step("company"), COMPANY)
    assert client.get("/setup/")["Location"] == step("administrator")
    client.post(step("administrator"), ADMINISTRATOR)
    assert client.get("/setup/")["Location"] == step("mailbox")
    client.post(step("mailbox"), MAILBOX)
    assert client.get("/setup/")["Location"] == step("widget")
    assert client.get(step("company")).status_code == 200
    client.post(step("company"), COMPANY | {"name": "新名字"})
    assert company().name == "新名字"


def test_once_there_is_an_administrator_strangers_sign_in_first(client):
    client.post(step("company"), COMPANY)
    client.post(step("administrator"), ADMINISTRATOR)
    client.logout()

    for name in ("company", "administrator", "mailbox", "widget"):
        answer = client.post(step(name), ADMINISTRATOR | {"username": "second"})
        assert answer["Location"].startswith(reverse("accounts:sign_in"))
    assert Staff.objects.people().count() == 1


def test_no_second_administrator_is_made_this_way(client):
    client.post(step("company"), COMPANY)
    client.post(step("administrator"), ADMINISTRATOR)

    assert client.post(step("administrator"), ADMINISTRATOR)["Location"] == step("mailbox")
    assert Staff.objects.people().count() == 1


def test_nothing_can_be_changed_once_set_up(client, checks):
    for name, body in (
        ("company", COMPANY),
        ("administrator", ADMINISTRATOR),
        ("mailbox", MAILBOX),
        ("widget", WIDGET),
    ):
        client.post(step(name), body)
    client.logout()

    assert client.post(step("company"), COMPANY | {"name": "别人"})["Location"] == "/"
    assert company().name == "锦江物业"


@pytest.mark.parametrize(
    "wrong",
    [
        {"repeated": "other"},
        {"password": "12345678", "repeated": "12345678"},
        {"password": "short", "repeated": "short"},
        {"name": ""},
    ],
)
def test_refuses_a_weak_or_mistyped_password(client, wrong):
    client.post(step("company"), COMPANY)

    assert client.post(step("administrator"), ADMINISTRATOR | wrong).status_code == 422
    assert not Staff.objects.people().exists()


def test_a_mailbox_that_does_not_work_is_not_stored_and_says_why(client, checks):
    client.post(step("company"), COMPANY)
    client.post(step("administrator"), ADMINISTRATOR)
    checks[0] = Check("fetch", is_well=False, words="密码错误")

    answer = client.post(step("mailbox"), MAILBOX)

    assert answer.status_code == 422
    assert "密码错误" in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_servers_of_other_addresses_are_guessed_or_given(client, checks):
    client.post(step("company"), COMPANY)
    client.post(step("administrator"), ADMINISTRATOR)

    client.post(
        step("mailbox"), MAILBOX | {"address": "kf@jinjiang.cn", "smtp_host": "mail.jinjiang.cn"}
    )

    box = Mailbox.objects.get()
    assert (box.imap_host, box.smtp_host) == ("imap.jinjiang.cn", "mail.jinjiang.cn")


def test_steps_come_in_order(client):
    assert client.get(step("widget"))["Location"] == reverse("web:setup")
    assert client.get(step("done"))["Location"] == reverse("web:setup")
    assert client.get(step("nothing")).status_code == 404
