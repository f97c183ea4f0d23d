"""What may be done with customer files, and who may from the start."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.permissions import register_permissions
from shouwen.accounts.roles import RoleGroup


class CustomerPermission(StrEnum):
    """Seeing and changing customer files (客户档案)."""

    SEE = "customers.see"
    SEE_NAMES = "customers.see_names"
    SEE_CLEAR = "customers.see_clear"
    REVEAL = "customers.reveal"
    CREATE = "customers.create"
    EDIT = "customers.edit"
    MANAGE_TAGS = "customers.manage_tags"


_P = CustomerPermission

register_permissions(
    "customers",
    CustomerPermission,
    {
        _P.SEE: _("see customer files, with personal data masked"),
        _P.SEE_NAMES: _("see customers' full names"),
        _P.SEE_CLEAR: _("see customers' phone numbers and addresses without asking"),
        _P.REVEAL: _("reveal a phone number or address, giving a reason"),
        _P.CREATE: _("open customer files"),
        _P.EDIT: _("change customer files"),
        _P.MANAGE_TAGS: _("change the list of customer tags and friend groups"),
    },
    {
        RoleGroup.AGENTS: {_P.SEE, _P.SEE_NAMES, _P.REVEAL, _P.CREATE, _P.EDIT},
        RoleGroup.LEADERS: {_P.SEE, _P.SEE_NAMES, _P.REVEAL, _P.CREATE, _P.EDIT, _P.MANAGE_TAGS},
        RoleGroup.MANAGERS: {_P.SEE, _P.SEE_NAMES, _P.REVEAL, _P.CREATE, _P.EDIT, _P.MANAGE_TAGS},
        RoleGroup.CHECKERS: {_P.SEE},
        RoleGroup.COLLEAGUES: {_P.SEE},
    },
    title=_("Customers"),
)
