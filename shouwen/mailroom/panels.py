"""What this part puts into the slots of others."""

from dataclasses import replace
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.clock import moment_text, span_text
from shouwen.core.slots import panel
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import (
    ChannelFigures,
    mail_figures,
    mailbox_silent_for,
    needs_a_person,
    visible_mailboxes,
)
from shouwen.mailroom.queries.health import last_arrival, mail_standing, unsettled_mails
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
    return RailItem(
        name="mailroom",
        label=_("Mailroom"),
        url=reverse("mailroom:ledger"),
        icon="mail",
        waiting=needs_a_person(request.user, at=timezone.now()),
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
    """How each mailbox is: failing, silent for too long, or well; and what does not get out."""
    at = timezone.now()
    boxes = visible_mailboxes(request.user).active().order_by("name", "pk")
    return [*[_health_of(one, at) for one in boxes], *_standing_rows(request, at)]


def _health_of(mailbox: Mailbox, at: datetime) -> HealthRow:
    silent = mailbox_silent_for(mailbox, at=at)
    last = last_arrival(mailbox)
    arrived = _("Last mail %s.") % moment_text(last, at=at) if last else _("No mail yet.")
    advice: str = ""
    if mailbox.is_failing:
        text = mailbox.last_error or mailbox.send_error
        advice = _(
            "Check the mailbox's server and password; what waits is kept and goes on by itself."
        )
    elif silent:
        text = _("Nothing has been fetched for %s.") % span_text(silent.total_seconds())
        advice = _("See whether the background worker is at work.")
    else:
        text = _("At work.")
    is_ill = mailbox.is_failing or bool(silent)
    return HealthRow(
        label=_("Mailbox %s") % mailbox.address,
        state="ill" if is_ill else "well",
        text=f"{text} {arrived}",
        advice=advice,
        group="mail",
        url=reverse("mailroom:mailbox", args=[mailbox.pk]),
        seen_at=mailbox.last_ok_at,
        is_banner=is_ill,
    )


def _standing_rows(request: StaffRequest, at: datetime) -> list[HealthRow]:
    now = mail_standing(request.user, at=at)
    outbound, inbound = reverse("mailroom:outbound"), reverse("mailroom:inbound")
    sent = HealthRow(
        label=_("Outgoing mail"), state="well", text=_("Nothing is stuck."), group="mail"
    )
    if now.late and now.oldest_late_at:
        words = ngettext("%d mail waits to leave,", "%d mails wait to leave,", now.late) % now.late
        since = _("the oldest for %s.") % span_text((at - now.oldest_late_at).total_seconds())
        advice = _("They are tried again by themselves. Check the server for sending.")
        text = f"{words} {since} {now.last_error}".strip()
        sent = replace(sent, state="ill", text=text, advice=advice, url=outbound)
    elif now.failed:
        words = ngettext(
            "%d mail could not be delivered within a week.",
            "%d mails could not be delivered within a week.",
            now.failed,
        )
        advice = _("Open them, mend the address or reach the customer another way, send again.")
        sent = replace(sent, state="near", text=words % now.failed, advice=advice, url=outbound)
    rows = [sent]
    if now.quarantined:
        words = ngettext(
            "%d mail is in quarantine.", "%d mails are in quarantine.", now.quarantined
        )
        rows.append(
            HealthRow(
                label=_("Quarantine"),
                state="near",
                text=words % now.quarantined,
                advice=_("Read them: handle each or drop it by a rule."),
                group="mail",
                url=f"{inbound}?state=quarantined",
            )
        )
    return rows


@panel("metrics")
def mails_by_state() -> tuple[str, str, str, dict[str, int]]:
    """What does not go on by itself, by state; what is done is counted on the ledger's page."""
    return "shouwen_mails", "Mails that wait or need a person", "state", unsettled_mails()
