"""What a role may do with working calendars."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class DeadlinePermission(StrEnum):
    """Permissions of this part."""

    SEE_CALENDARS = "deadlines.see_calendars"
    EDIT_CALENDARS = "deadlines.edit_calendars"


_P = DeadlinePermission

register_permissions(
    "deadlines",
    DeadlinePermission,
    {
        _P.SEE_CALENDARS: _("see the service hours"),
        _P.EDIT_CALENDARS: _("change the service hours and holidays"),
    },
    {
        RoleGroup.AGENTS: {_P.SEE_CALENDARS},
        RoleGroup.LEADERS: {_P.SEE_CALENDARS, _P.EDIT_CALENDARS},
        RoleGroup.MANAGERS: {_P.SEE_CALENDARS, _P.EDIT_CALENDARS},
    },
    title=_("Service hours"),
)
