"""What this part puts into the slots of others."""

from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.clock import span_text
from shouwen.core.slots import panel
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import (
    ChannelFigures,
    ledger_state,
    mail_figures,
    mailbox_silent_for,
    visible_mailboxes,
)
from shouwen.ui.cards import HealthRow, SettingsCard
from shouwen.ui.navigation import RailItem


@panel("mailroom.channels", order=10)
def mail_channels(request: StaffRequest, first_day: date, last_day: date) -> list[ChannelFigures]:
    """The figures of mail and of webhooks."""
    rows = reverse("mailroom:inbound")
    figures = mail_figures(request.user, first_day=first_day, last_day=last_day)
    return [replace(one, rows_url=rows + one.rows_url) for one in figures]


@panel("rail", order=70)
def mailroom_item(request: StaffRequest) -> RailItem | None:
    """The ledgers, with the number of things that need a person."""
    if not request.user.may(MailPermission.VIEW):
        return None
    now = ledger_state(request.user, at=timezone.now())
    return RailItem(
        name="mailroom",
        label=_("Mailroom"),
        url=reverse("mailroom:ledger"),
        icon="mail",
        count=now.quarantined + now.in_trouble + now.failing_mailboxes,
        live="board:mailroom",
    )


@panel("settings.cards", order=30)
def mailboxes_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the mailboxes."""
    if not request.user.may(MailPermission.SET_UP):
        return None
    return SettingsCard(
        label=_("Mailboxes"),
        text=_("Servers, addresses and passwords; rules that drop mail."),
        url=reverse("mailroom:mailboxes"),
        icon="mail",
    )


@panel("files.keys")
def columns_with_files() -> list[tuple[str, str]]:
    """Where the ledgers name stored bytes: tables and columns."""
    return [(model._meta.db_table, "raw_key") for model in (Inbound, Outbound)]


@panel("health.rows", order=30)
def mailbox_health(request: StaffRequest) -> list[HealthRow]:
    """How each mailbox is: failing, silent for too long, or well."""
    return [
        _health_of(one) for one in visible_mailboxes(request.user).active().order_by("name", "pk")
    ]


def _health_of(mailbox: Mailbox) -> HealthRow:
    url = reverse("mailroom:mailbox", args=[mailbox.pk])
    silent = mailbox_silent_for(mailbox, at=timezone.now())
    if mailbox.is_failing:
        text = mailbox.last_error or mailbox.send_error
    elif silent:
        text = _("Nothing has been fetched for %s.") % span_text(silent.total_seconds())
    else:
        text = _("At work.")
    is_ill = mailbox.is_failing or bool(silent)
    return HealthRow(
        label=_("Mailbox %s") % mailbox.address,
        state="ill" if is_ill else "well",
        text=text,
        url=url,
        seen_at=mailbox.last_ok_at,
        is_banner=is_ill,
    )
