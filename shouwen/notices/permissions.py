"""What a role may do with faults of the office."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class NoticePermission(StrEnum):
    """Permissions of this part."""

    HANDLE_FAULTS = "notices.handle_faults"


_P = NoticePermission

register_permissions(
    "notices",
    NoticePermission,
    {_P.HANDLE_FAULTS: _("see all reported faults, take and resolve them")},
    {RoleGroup.LEADERS: {_P.HANDLE_FAULTS}, RoleGroup.MANAGERS: {_P.HANDLE_FAULTS}},
    title=_("Notices and faults"),
)
