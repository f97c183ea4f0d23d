"""Names of permissions, of this part and, by registration, of all others; and `require`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.roles import POSTS, RoleGroup, codes_of
from shouwen.core.errors import NotPermitted


@dataclass(frozen=True)
class PermissionSet:
    """The permissions one part declared."""

    part: str
    title: str | Promise
    labels: dict[str, str | Promise]


class Actor(Protocol):
    """Whoever may do things: a member of staff."""

    def may(self, permission: str) -> bool:
        """Whether a role of theirs holds the permission."""


_sets: dict[str, PermissionSet] = {}
_defaults: dict[str, set[str]] = {code: set() for code in POSTS}


def register_permissions(
    part: str,
    permissions: type[StrEnum],
    labels: Mapping[str, str | Promise],
    defaults: Mapping[str, Iterable[str]],
    *,
    title: str | Promise = "",
) -> None:
    """A part's permissions are known, named for people, and held by roles from the start.

    Values read `part.verb`. `labels` gives each a prose sentence part ("reveal a phone number");
    `defaults` maps a role code or a `RoleGroup` to what it holds. Missing labels are a mistake.
    """
    missing = [name for name in permissions if name not in labels]
    if missing:
        raise ValueError(f"permissions without a label: {missing}")
    _sets[part] = PermissionSet(
        part, title or part, {str(name): labels[name] for name in permissions}
    )
    for group, names in defaults.items():
        for code in codes_of(group):
            _defaults[code] |= {str(name) for name in names}


def permission_sets() -> list[PermissionSet]:
    """Every part's permissions, in the order of registration."""
    return list(_sets.values())


def all_permissions() -> set[str]:
    """Every permission there is."""
    return {name for one in _sets.values() for name in one.labels}


def default_permissions(role_code: str) -> set[str]:
    """What a built-in role holds from the start."""
    return set(_defaults.get(role_code, ()))


def permission_label(permission: str) -> str:
    """The permission in words."""
    for one in _sets.values():
        if permission in one.labels:
            return str(one.labels[permission])
    return str(permission)


def require(staff: Actor, permission: StrEnum, *others: StrEnum) -> None:
    """Refuses (NotPermitted, naming what is missing) unless a role holds every permission asked."""
    for one in (permission, *others):
        if not staff.may(one):
            raise NotPermitted(
                _("Your role does not allow this: %s is missing.") % permission_label(one)
            )


def asks_for(*permissions: StrEnum) -> dict[str, str]:
    """What an operation of the API asks of the key's person, for its description: any of these."""
    return {"x-permission": " or ".join(map(str, permissions))}


class AccountsPermission(StrEnum):
    """What may be done with staff, roles and departments."""

    SEE_STAFF = "accounts.see_staff"
    SEE_PRIVATE_DETAILS = "accounts.see_private_details"
    MANAGE_STAFF = "accounts.manage_staff"
    END_SESSIONS = "accounts.end_sessions"
    SET_PRESENCE_OF_OTHERS = "accounts.set_presence_of_others"
    SEE_PRESENCE_TOTALS = "accounts.see_presence_totals"
    MANAGE_DEPARTMENTS = "accounts.manage_departments"
    MANAGE_ROLES = "accounts.manage_roles"
    MANAGE_COMPANY = "accounts.manage_company"
    WRITE_POSTS = "accounts.write_posts"
    REVIEW_POSTS = "accounts.review_posts"
    SEE_READ_LOG = "accounts.see_read_log"


_P = AccountsPermission

register_permissions(
    "accounts",
    AccountsPermission,
    {
        _P.SEE_STAFF: gettext_lazy("see the list of colleagues"),
        _P.SEE_PRIVATE_DETAILS: gettext_lazy("see colleagues' phone numbers and addresses"),
        _P.MANAGE_STAFF: gettext_lazy("add, change and deactivate staff"),
        _P.END_SESSIONS: gettext_lazy("sign other people out"),
        _P.SET_PRESENCE_OF_OTHERS: gettext_lazy("change the presence of others"),
        _P.SEE_PRESENCE_TOTALS: gettext_lazy("see presence totals by day"),
        _P.MANAGE_DEPARTMENTS: gettext_lazy("change the department tree"),
        _P.MANAGE_ROLES: gettext_lazy("change roles and what they may do"),
        _P.MANAGE_COMPANY: gettext_lazy("change the company's settings"),
        _P.WRITE_POSTS: gettext_lazy("write job descriptions"),
        _P.REVIEW_POSTS: gettext_lazy("review and publish job descriptions"),
        _P.SEE_READ_LOG: gettext_lazy("see who revealed personal data"),
    },
    {
        RoleGroup.AGENTS: {_P.SEE_STAFF},
        RoleGroup.COLLEAGUES: {_P.SEE_STAFF},
        RoleGroup.CHECKERS: {_P.SEE_STAFF, _P.SEE_PRESENCE_TOTALS},
        RoleGroup.LEADERS: {
            _P.SEE_STAFF,
            _P.SEE_PRIVATE_DETAILS,
            _P.SET_PRESENCE_OF_OTHERS,
            _P.SEE_PRESENCE_TOTALS,
            _P.WRITE_POSTS,
        },
        RoleGroup.MANAGERS: {
            _P.SEE_STAFF,
            _P.SEE_PRIVATE_DETAILS,
            _P.SET_PRESENCE_OF_OTHERS,
            _P.SEE_PRESENCE_TOTALS,
            _P.WRITE_POSTS,
            _P.REVIEW_POSTS,
            _P.END_SESSIONS,
            _P.SEE_READ_LOG,
        },
        "service_manager": {_P.MANAGE_STAFF, _P.MANAGE_DEPARTMENTS, _P.MANAGE_ROLES},
        "general_manager": {_P.MANAGE_STAFF, _P.MANAGE_DEPARTMENTS, _P.MANAGE_COMPANY},
    },
    title=gettext_lazy("Staff and roles"),
)
