"""What people may do in the mailroom, and who may by default."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class MailPermission(StrEnum):
    """Permissions of the mailroom."""

    VIEW = "mailroom.view"
    HANDLE = "mailroom.handle"
    SET_UP = "mailroom.set_up"


_P = MailPermission

register_permissions(
    "mailroom",
    MailPermission,
    {
        _P.VIEW: _("see what arrived and what was sent"),
        _P.HANDLE: _("retry, drop and resend what arrives and leaves"),
        _P.SET_UP: _("set up mailboxes and drop rules"),
    },
    {
        RoleGroup.LEADERS: {_P.VIEW, _P.HANDLE},
        RoleGroup.MANAGERS: {_P.VIEW, _P.HANDLE, _P.SET_UP},
    },
    title=_("Mailroom"),
)
