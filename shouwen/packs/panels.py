"""What this part installs, and its way from the settings."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.queries import system_staff
from shouwen.cases.permissions import CasePermission
from shouwen.core.slots import panel
from shouwen.packs.loading import packs_folder, read_pack
from shouwen.packs.operations import install_pack
from shouwen.ui.cards import SettingsCard


@panel("install", order=80)
def install_base_pack() -> None:
    """The kinds of cases that every industry has; what a site edited stays."""
    install_pack(read_pack(packs_folder() / "general"), by=system_staff())


@panel("settings.cards", order=25)
def kinds_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the kinds of cases."""
    if not request.user.may(CasePermission.CONFIGURE):
        return None
    return SettingsCard(
        label=_("Kinds of cases"),
        text=_("Forms, categories, steps, deadlines, ladders; industry packs."),
        url=reverse("packs:kinds"),
        icon="clipboard-text",
    )
