"""What this part puts on pages of others, and installs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.queries import system_staff
from shouwen.core.slots import panel
from shouwen.deadlines.operations import install_calendars
from shouwen.deadlines.permissions import DeadlinePermission
from shouwen.ui.cards import SettingsCard


@panel("install", order=20)
def install() -> None:
    """The two calendars everybody needs."""
    install_calendars(by=system_staff())


@panel("settings.cards", order=30)
def service_hours_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the service hours."""
    if not request.user.may(DeadlinePermission.SEE_CALENDARS):
        return None
    return SettingsCard(
        label=_("Service hours"),
        text=_("When the team is there: the week, holidays, make-up days, exceptions."),
        url=reverse("deadlines:calendars"),
        icon="calendar-event",
    )
