"""The way to the health page, and what is ill on top of every page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.clock import span_text
from shouwen.core.slots import panel
from shouwen.keeping.backup.progress import number_text, size_text
from shouwen.keeping.health import banners
from shouwen.keeping.models import Backup
from shouwen.keeping.permissions import KeepingPermission
from shouwen.keeping.queries import last_backups
from shouwen.ui.cards import HealthRow, SettingsCard
from shouwen.ui.navigation import RailItem

SHOWN = 7


@panel("rail", order=95)
def health_item(request: StaffRequest) -> RailItem | None:
    """The health page."""
    if not request.user.may(KeepingPermission.SEE_HEALTH):
        return None
    return RailItem(
        name="health", label=_("Health"), url=reverse("keeping:health"), icon="activity"
    )


@panel("settings.cards", order=90)
def health_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the health page."""
    if not request.user.may(KeepingPermission.SEE_HEALTH):
        return None
    return SettingsCard(
        label=_("Health"),
        text=_("Worker, background jobs, mailboxes, database, disk, reported faults."),
        url=reverse("keeping:health"),
        icon="activity",
    )


@panel("shell.banner", order=90)
def what_is_ill(request: HttpRequest) -> list[HealthRow]:
    """What is ill and must be told on every page; the health page itself says more."""
    return [] if request.path == reverse("keeping:health") else banners(request)


@dataclass(frozen=True)
class BackupLine:
    """A backup in words."""

    row: Backup
    took: str
    size: str
    holds: str


@panel("health.blocks", order=20)
def backups_block(request: StaffRequest) -> SafeString:
    """The last backups, with their size and how long they took."""
    lines = [_line(row) for row in last_backups(SHOWN)]
    rendered = render_to_string("keeping/backups.html", {"backups": lines}, request=request)
    return mark_safe(rendered)  # noqa: S308 - a template


def _line(row: Backup) -> BackupLine:
    is_over = row.state == Backup.State.GOOD
    holds = _("%(rows)s rows, %(files)s files") % {
        "rows": number_text(row.rows),
        "files": number_text(row.files),
    }
    return BackupLine(
        row=row,
        took=span_text(max(1, row.seconds)) if row.ended_at else "",
        size=size_text(row.size) if is_over else "",
        holds=holds if is_over else "",
    )
