"""Who may give out keys."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions


class ApiPermission(StrEnum):
    """Permissions of this part."""

    MANAGE_KEYS = "api.manage_keys"


_P = ApiPermission

register_permissions(
    "api",
    ApiPermission,
    {_P.MANAGE_KEYS: _("make and revoke API keys")},
    {"service_manager": {_P.MANAGE_KEYS}, "general_manager": {_P.MANAGE_KEYS}},
    title=_("API"),
)
