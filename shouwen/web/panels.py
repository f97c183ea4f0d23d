"""What the shell itself puts on the rail and into its pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.slots import filled, panel
from shouwen.ui.cards import SettingsCard
from shouwen.ui.navigation import RailItem
from shouwen.web.permissions import WebPermission


@panel("rail", order=5)
def home_item(request: StaffRequest) -> RailItem | None:
    """The way to the home board, for those who lead or do not serve."""
    staff = request.user
    serves_only = staff.may(ConversationPermission.SERVE) and not staff.may(
        ConversationPermission.SUPERVISE
    )
    if serves_only:
        return None
    return RailItem(name="home", label=_("Home"), url=reverse("web:home"), icon="home")


@panel("rail", order=85)
def search_item(request: StaffRequest) -> RailItem:
    """The search over everything."""
    del request
    return RailItem(
        name="search", label=_("Search"), url=reverse("web:search"), icon="search", shortcut="g /"
    )


@panel("rail", order=95)
def health_item(request: StaffRequest) -> RailItem | None:
    """The health page."""
    if not request.user.may(WebPermission.SEE_HEALTH):
        return None
    return RailItem(name="health", label=_("Health"), url=reverse("web:health"), icon="activity")


@panel("rail", order=99)
def settings_item(request: StaffRequest) -> RailItem | None:
    """The settings, for who may set anything."""
    if not filled("settings.cards", request):
        return None
    return RailItem(
        name="settings", label=_("Settings"), url=reverse("web:settings"), icon="settings"
    )


@panel("settings.cards", order=90)
def health_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the health page."""
    if not request.user.may(WebPermission.SEE_HEALTH):
        return None
    return SettingsCard(
        label=_("Health"),
        text=_("Worker, background jobs, mailboxes, database, disk, reported faults."),
        url=reverse("web:health"),
        icon="activity",
    )
