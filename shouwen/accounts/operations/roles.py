"""Writes about roles: install the built-in ones, make, change."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.events import RoleChanged
from shouwen.accounts.models import Role, Staff
from shouwen.accounts.permissions import (
    AccountsPermission,
    all_permissions,
    default_permissions,
    require,
)
from shouwen.accounts.roles import POSTS
from shouwen.core.bus import publish
from shouwen.core.errors import Refused


class RoleBeyondOwn(Refused):
    """Nobody gives away more than they hold."""


class RoleTaken(Refused):
    """There is a role with this code already."""


@transaction.atomic
def install_roles() -> list[Role]:
    """Every post named in the source documents is a role; what a site edited stays as it is.

    Permissions that came with a later version are added once; one that a site took away is not
    given back. Running it again changes nothing. Returns the roles that were made.
    """
    present = {role.code: role for role in Role.objects.select_for_update()}
    made = []
    for position, (code, post) in enumerate(POSTS.items(), start=1):
        defaults = default_permissions(code)
        if code not in present:
            made.append(
                Role(
                    code=code,
                    reach=post.reach,
                    order_stage=post.order_stage,
                    permissions=sorted(defaults),
                    offered=sorted(defaults),
                    position=position * 10,
                )
            )
            continue
        role = present[code]
        new = defaults - set(role.offered)
        if new:
            role.permissions = sorted(set(role.permissions) | new)
            role.offered = sorted(set(role.offered) | new)
            role.save(update_fields=["permissions", "offered", "updated_at"])
    return Role.objects.bulk_create(made)


def require_within_own(by: Staff, permissions: Iterable[str], *, is_all_powerful: bool) -> None:
    """Refuses (RoleBeyondOwn) what would make somebody more powerful than `by`.

    Only who may do everything gives that away; rights over staff and roles are given by who has
    them. Rights over daily work may be given by whoever manages roles or staff.
    """
    if is_all_powerful and not may_everything(by):
        raise RoleBeyondOwn(_("Only an administrator can do this."))
    for permission in permissions:
        if permission.startswith("accounts.") and not by.may(permission):
            raise RoleBeyondOwn(_("You cannot give away a right that you do not have."))


def may_everything(staff: Staff) -> bool:
    """Whether a role of theirs holds every permission there is."""
    return staff.is_system or any(role.is_all_powerful for role in staff.role_list)


@transaction.atomic
def create_role(
    *, code: str, name: str, description: str = "", reach: str, order_stage: str = "", by: Staff
) -> Role:
    """A role of the site's own exists, without permissions yet. Refuses a code that is taken."""
    require(by, AccountsPermission.MANAGE_ROLES)
    if Role.objects.filter(code=code).exists():
        raise RoleTaken(_("There is a role with the code %s already.") % code)
    role = Role.objects.create(
        code=code,
        given_name=name,
        given_description=description,
        reach=reach,
        order_stage=order_stage,
    )
    publish(RoleChanged(role_id=role.pk, added=[], removed=[], by_id=by.pk))
    return role


@transaction.atomic
def change_role(
    role_id: int,
    *,
    by: Staff,
    permissions: Iterable[str] | None = None,
    **fields: str,
) -> Role:
    """The role holds exactly `permissions` (if given) and has the new name, description, reach, stage.

    `fields`: given_name, given_description, reach, order_stage. Refuses rights that `by` has not,
    and any change of permissions of the roles that hold everything.
    """
    require(by, AccountsPermission.MANAGE_ROLES)
    role = Role.objects.select_for_update().get(pk=role_id)
    before = set(role.permissions)
    wanted = before if permissions is None else _known(permissions, before)
    if role.is_all_powerful:
        require_within_own(by, (), is_all_powerful=True)
        wanted = before
    require_within_own(by, before ^ wanted, is_all_powerful=False)
    for name in ("given_name", "given_description", "reach", "order_stage"):
        if name in fields:
            setattr(role, name, fields[name])
    role.permissions = sorted(wanted)
    role.save()
    publish(
        RoleChanged(
            role_id=role.pk,
            added=sorted(wanted - before),
            removed=sorted(before - wanted),
            by_id=by.pk,
        )
    )
    return role


def _known(permissions: Iterable[str], before: set[str]) -> set[str]:
    """Only permissions that exist, and those of parts not installed here that it already held."""
    known = all_permissions()
    return {str(one) for one in permissions if str(one) in known} | (before - known)
