"""Pages of the mailroom: who may, what is shown, what is redrawn."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.models import ReadLog
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.mailroom.models import DropRule, Inbound, Mailbox, Outbound
from shouwen.mailroom.operations import (
    Origin,
    built_in_rule,
    drop_inbound,
    quarantine,
    queue_mail,
    take_in_mail,
)
from shouwen.mailroom.sealing import unseal
from shouwen.mailroom.tests.factories import InboundFactory, MailboxFactory, a_draft, a_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    staff = StaffFactory(role="service_manager")
    client.force_login(staff)
    return staff


def arrived(raw=None, mailbox=None):
    origin = Origin(mailbox or MailboxFactory())
    return take_in_mail(raw or a_mail(), origin=origin, by=system_staff()).inbound


PAGES = ["ledger", "inbound", "outbound", "mailboxes", "rules"]


class TestAccess:
    @pytest.mark.parametrize("name", PAGES)
    def test_an_agent_may_not(self, client, name):
        client.force_login(StaffFactory(role="agent"))
        assert client.get(reverse(f"mailroom:{name}")).status_code == 403

    @pytest.mark.parametrize("name", [*PAGES, "mailbox_new"])
    def test_a_manager_sees_it_while_it_is_empty(self, client, manager, name):
        assert client.get(reverse(f"mailroom:{name}")).status_code == 200

    def test_a_leader_sees_only_the_mailboxes_of_the_department(self, client):
        own, other = DepartmentFactory(), DepartmentFactory()
        leader = StaffFactory(role="supervisor", department=own)
        client.force_login(leader)
        foreign = arrived(mailbox=MailboxFactory(department=other))
        near = arrived(mailbox=MailboxFactory(department=own))
        common = arrived(mailbox=MailboxFactory())

        def status(one):
            return client.get(reverse("mailroom:inbound_item", args=[one.pk])).status_code

        assert [status(foreign), status(near), status(common)] == [404, 200, 200]

    def test_a_leader_may_not_set_up(self, client):
        client.force_login(StaffFactory(role="supervisor"))
        assert client.get(reverse("mailroom:mailbox_new")).status_code == 403
        assert client.post(reverse("mailroom:rule_block"), {"pattern": "@a.b"}).status_code == 403


class TestLedger:
    def test_the_sum_is_its_parts_and_each_opens_its_rows(self, client, manager):
        mailbox = MailboxFactory()
        rows = [InboundFactory(mailbox=mailbox) for _n in range(6)]
        quarantine(rows[0].pk, reason="poison", by=manager)
        drop_inbound(rows[1].pk, rule=built_in_rule(DropRule.Kind.BULK), by=manager)

        (figure,) = client.get(reverse("mailroom:ledger")).context["figures"]

        assert (
            figure.received
            == 6
            == figure.handled + figure.quarantined + figure.dropped + figure.waiting
        )
        for cell in figure.cells:
            page = client.get(cell.url).context["page"]
            assert len(page.rows) == cell.count

    def test_lists_narrow_by_mailbox_rule_and_day(self, client, manager):
        inbound = arrived()
        rule = built_in_rule(DropRule.Kind.BULK)
        drop_inbound(inbound.pk, rule=rule, by=manager)
        arrived(a_mail(number=2))
        queue_mail(a_draft(), mailbox=inbound.mailbox, by=manager)
        today = timezone.localdate()

        def found(page, **query):
            return len(client.get(reverse(f"mailroom:{page}"), query).context["page"].rows)

        assert found("inbound", rule=rule.pk) == 1
        assert found("inbound", mailbox=inbound.mailbox_id) == 1
        assert found("inbound", mailbox="none") == 0
        assert found("inbound", day=today) == 2
        assert found("outbound", state="queued", mailbox=inbound.mailbox_id, day=today) == 1
        assert found("outbound", mailbox="none") == 0
        assert found("outbound", day="2020-01-01") == 0

    def test_the_fragment_alone_is_redrawn(self, client, manager):
        answer = client.get(reverse("mailroom:ledger"), headers={"HX-Request": "true"})
        assert b"<html" not in answer.content
        assert b'id="mailroom-ledger"' in answer.content

    def test_two_hundred_rows_page_by_key(self, client, manager, django_assert_max_num_queries):
        mailbox = MailboxFactory()
        InboundFactory.create_batch(120, mailbox=mailbox, subject="很长的主题" * 60)
        with django_assert_max_num_queries(30):
            first = client.get(reverse("mailroom:inbound")).context["page"]
        second = client.get(reverse("mailroom:inbound"), {"after": first.next_cursor}).context[
            "page"
        ]
        assert not {one.pk for one in first.rows} & {one.pk for one in second.rows}

    @pytest.mark.parametrize(
        "query", ["?day=nonsense&mailbox=x&rule=-1&after=%%%", "?state=nonsense"]
    )
    def test_nonsense_in_the_address_is_no_error(self, client, manager, query):
        assert client.get(reverse("mailroom:inbound") + query).status_code == 200
        assert client.get(reverse("mailroom:outbound") + query).status_code == 200


class TestInboundItem:
    def test_shows_the_mail_as_text_and_runs_nothing(self, client, manager):
        inbound = arrived(
            a_mail(subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
        )
        content = client.get(reverse("mailroom:inbound_item", args=[inbound.pk])).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert "&lt;img src=x" in content

    def test_says_so_when_the_stored_bytes_are_missing(self, client, manager):
        inbound = arrived()
        default_storage.delete(inbound.raw_key)
        assert client.get(reverse("mailroom:inbound_item", args=[inbound.pk])).status_code == 200

    def test_retry_redraws_the_head(self, client, manager):
        inbound = arrived()
        quarantine(inbound.pk, reason="poison", by=manager)
        url = reverse("mailroom:inbound_retry", args=[inbound.pk])

        assert b'id="inbound-head"' in client.post(url).content
        inbound.refresh_from_db()
        assert inbound.state == Inbound.State.RECEIVED
        assert client.post(url).status_code == 422

    def test_dropping_needs_a_reason(self, client, manager):
        inbound = arrived()
        url = reverse("mailroom:inbound_drop", args=[inbound.pk])

        assert client.post(url, {"reason": ""}).status_code == 422
        assert client.post(url, {"reason": "广告"}).status_code == 200
        inbound.refresh_from_db()
        assert (inbound.state, inbound.rule.kind) == (Inbound.State.DROPPED, "by_hand")
        assert client.post(url, {"reason": "广告"}).status_code == 422

    def test_the_raw_mail_is_a_download_for_a_logged_reason(self, client, manager):
        inbound = arrived()
        url = reverse("mailroom:inbound_raw", args=[inbound.pk])

        assert client.get(url).status_code == 405
        assert client.post(url, {"reason": ""}).status_code == 422
        answer = client.post(url, {"reason": "客户要求核对原文"})
        assert answer.content == a_mail()
        assert answer["Content-Disposition"].startswith("attachment")
        assert ReadLog.objects.get().reason == "客户要求核对原文"


class TestOutboundItem:
    def test_failed_mail_is_red_and_can_be_sent_again(self, client, manager):
        mailbox = MailboxFactory()
        outbound = queue_mail(a_draft(), mailbox=mailbox, by=manager)
        Outbound.objects.update(state="failed", last_error="550 no such user")
        url = reverse("mailroom:outbound_item", args=[outbound.pk])

        assert "550 no such user" in client.get(url).content.decode()
        assert (
            'data-tone="late"'
            in client.get(reverse("mailroom:outbound") + "?state=trouble").content.decode()
        )
        resend = reverse("mailroom:outbound_resend", args=[outbound.pk])
        assert client.post(resend).status_code == 200
        assert client.post(resend).status_code == 422
        assert (
            client.post(reverse("mailroom:outbound_cancel", args=[outbound.pk])).status_code == 200
        )

    def test_the_text_of_a_password_link_is_not_shown(self, client, manager):
        draft = a_draft("password-reset:1", text="https://secret")
        outbound = queue_mail(draft, mailbox=MailboxFactory(), by=manager)
        content = client.get(reverse("mailroom:outbound_item", args=[outbound.pk])).content.decode()
        assert "https://secret" not in content


class TestMailboxPages:
    def form(self, **changes):
        return {
            "name": "客服邮箱", "address": "Kefu@Shop.example", "from_name": "首问商城", "department": "",
            "is_active": "on", "imap_host": "localhost", "imap_port": "143", "imap_security": "none",
            "imap_username": "kefu", "imap_password": " secret ", "folder": "INBOX", "poll_seconds": "60",
            "smtp_host": "", "smtp_port": "465", "smtp_security": "tls", "smtp_username": "",
            "smtp_password": "", **changes,
        }  # fmt: skip

    def test_a_mailbox_is_set_up_and_its_password_sealed(self, client, manager):
        answer = client.post(reverse("mailroom:mailbox_new"), self.form())

        mailbox = Mailbox.objects.get()
        assert answer.url == reverse("mailroom:mailbox", args=[mailbox.pk])
        assert mailbox.address == "kefu@shop.example"
        assert "secret" not in mailbox.imap_password
        assert unseal(mailbox.imap_password) == " secret "
        page = client.get(answer.url)
        assert b"secret" not in page.content

    def test_an_empty_password_stays_as_it_is(self, client, manager):
        client.post(reverse("mailroom:mailbox_new"), self.form())
        mailbox = Mailbox.objects.get()
        edit = reverse("mailroom:mailbox_edit", args=[mailbox.pk])

        assert b"secret" not in client.get(edit).content
        client.post(edit, self.form(imap_password="", name="新名"))

        mailbox.refresh_from_db()
        assert (mailbox.name, unseal(mailbox.imap_password), mailbox.revision) == (
            "新名",
            " secret ",
            2,
        )

    @pytest.mark.parametrize(
        "changes", [{"imap_host": ""}, {"address": "nothing"}, {"imap_port": "-1"}]
    )
    def test_what_cannot_work_is_refused_in_place(self, client, manager, changes):
        assert client.post(reverse("mailroom:mailbox_new"), self.form(**changes)).status_code == 422

    def test_trying_says_in_words_what_is_wrong(self, client, manager):
        mailbox = MailboxFactory(imap_host="127.0.0.1", smtp_host="169.254.169.254")
        answer = client.post(reverse("mailroom:mailbox_check", args=[mailbox.pk]))
        assert answer.status_code == 200
        assert answer.content.decode().count('data-tone="late"') == 2

    def test_a_failing_mailbox_is_on_the_health_page(self, client, manager):
        from shouwen.mailroom.panels import mailbox_health, mailroom_item

        MailboxFactory(health="failing", last_error="没有应答")
        MailboxFactory(last_ok_at=timezone.now())
        MailboxFactory(imap_host="")
        request = client.get(reverse("mailroom:mailboxes")).wsgi_request

        states = [row.state for row in mailbox_health(request)]
        assert sorted(states) == ["ill", "well", "well", "well"]  # the last one is outgoing mail
        assert sum(rows.count() for rows in mailroom_item(request).waiting) == 1


class TestRules:
    def test_a_sender_is_blocked_and_unblocked(self, client, manager):
        url = reverse("mailroom:rule_block")
        assert client.post(url, {"pattern": "nothing"}).status_code == 422
        assert client.post(url, {"pattern": "@Spam.example", "name": ""}).status_code == 200
        rule = DropRule.objects.get(kind="sender", pattern="@spam.example")

        switch = reverse("mailroom:rule_switch", args=[rule.pk])
        assert client.post(switch, {"on": "0"}).status_code == 200
        rule.refresh_from_db()
        assert not rule.is_active

    def test_dropping_by_hand_has_no_switch(self, client, manager):
        rule = built_in_rule(DropRule.Kind.BY_HAND)
        assert client.post(reverse("mailroom:rule_switch", args=[rule.pk])).status_code == 422
