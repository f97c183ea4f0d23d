"""The way to the health page, and what is ill on top of every page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.slots import panel
from shouwen.keeping.health import banners
from shouwen.keeping.permissions import KeepingPermission
from shouwen.ui.cards import HealthRow, SettingsCard
from shouwen.ui.navigation import RailItem


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
    """What is ill and must be told on every page."""
    return banners(request)
