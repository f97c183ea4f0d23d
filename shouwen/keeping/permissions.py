"""What a role may see of the system itself."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class KeepingPermission(StrEnum):
    """Permissions of this part."""

    SEE_HEALTH = "keeping.see_health"


_P = KeepingPermission

register_permissions(
    "keeping",
    KeepingPermission,
    {_P.SEE_HEALTH: _("see whether the system is well")},
    {
        RoleGroup.LEADERS: {_P.SEE_HEALTH},
        RoleGroup.MANAGERS: {_P.SEE_HEALTH},
    },
    title=_("System"),
)
