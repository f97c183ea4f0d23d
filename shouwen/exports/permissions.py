"""Who may take lists out, and who sees what was taken out."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class ExportPermission(StrEnum):
    """Names of permissions."""

    EXPORT = "exports.export"
    SEE_LOG = "exports.see_log"


_P = ExportPermission

register_permissions(
    "exports",
    ExportPermission,
    {
        _P.EXPORT: _("export lists as spreadsheets, with personal data masked"),
        _P.SEE_LOG: _("see who exported what and why"),
    },
    {
        RoleGroup.LEADERS: {_P.EXPORT, _P.SEE_LOG},
        RoleGroup.MANAGERS: {_P.EXPORT, _P.SEE_LOG},
    },
    title=_("Exports"),
)
