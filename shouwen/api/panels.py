"""What this part puts on pages of others."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.api.permissions import ApiPermission
from shouwen.core.slots import panel
from shouwen.ui.cards import SettingsCard


@panel("settings.cards", order=80)
def keys_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the keys."""
    if not request.user.may(ApiPermission.MANAGE_KEYS):
        return None
    return SettingsCard(
        label=_("API keys"),
        text=_("Let other programs read and write: keys with scopes, and the description."),
        url=reverse("api_pages:keys"),
        icon="key",
    )
