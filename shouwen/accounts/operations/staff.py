"""Writes about people: join, change, leave, come back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.events import (
    StaffChanged,
    StaffCreated,
    StaffDeactivated,
    StaffReactivated,
)
from shouwen.accounts.models import PresenceState, Role, Staff
from shouwen.accounts.operations.presence import move_presence
from shouwen.accounts.operations.roles import may_everything, require_within_own
from shouwen.accounts.operations.sessions import end_all_sessions
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.queries import managed_staff
from shouwen.accounts.roles import ALL_POWERFUL
from shouwen.core.bus import publish
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.pinyin import pinyin_key, sound_index


class StaffTaken(Refused):
    """The sign-in name, number or mail address belongs to somebody else."""


class LastAdministrator(Refused):
    """Somebody must be able to set the system up."""


class NotYourself(Refused):
    """Nobody shuts themselves out."""


OWN_FIELDS = ("display_name", "phone", "mail", "address", "skills", "languages")
FIELDS = (
    "username",
    "staff_number",
    "name",
    *OWN_FIELDS,
    "is_regular",
    "reception_limit",
    "department",
)


@transaction.atomic
def create_staff(
    *, password: str | None = None, roles: Iterable[Role] = (), by: Staff, **fields: object
) -> Staff:
    """Somebody works here (`fields`: FIELDS; username, staff_number and name are needed).

    Without a password they set their own by the reset link. Refuses names, numbers and mail
    addresses that are taken, and roles beyond `by`'s own.
    """
    require(by, AccountsPermission.MANAGE_STAFF)
    staff = Staff()
    _set_fields(staff, fields)
    staff.set_password(password)
    _require_roles(by, roles)
    _refuse_taken(staff)
    staff.save()
    staff.roles.set(roles)
    publish(StaffCreated(staff_id=staff.pk, by_id=by.pk))
    return staff


@transaction.atomic
def change_staff(
    staff_id: int, *, roles: Iterable[Role] | None = None, by: Staff, **fields: object
) -> Staff:
    """The given fields (FIELDS) and roles are as given; what may be done changes at once.

    Refuses what is taken, roles beyond `by`'s own, changing somebody more powerful, and taking the
    last administrator's role.
    """
    require(by, AccountsPermission.MANAGE_STAFF)
    staff = _locked(staff_id, by)
    before = {role.pk for role in staff.roles.all()}
    changed = _set_fields(staff, fields)
    _refuse_taken(staff)
    staff.save()
    if roles is not None:
        wanted = list(roles)
        changes = [role for role in wanted if role.pk not in before]
        _require_roles(by, changes)
        _keep_an_administrator(staff, wanted)
        staff.roles.set(wanted)
        if {role.pk for role in wanted} != before:
            changed.append("roles")
    publish(StaffChanged(staff_id=staff.pk, fields=changed, by_id=by.pk))
    return staff


@transaction.atomic
def change_own_profile(*, by: Staff, **fields: object) -> Staff:
    """One's own OWN_FIELDS are as given; nothing else can be changed this way."""
    staff = Staff.objects.select_for_update().get(pk=by.pk)
    changed = _set_fields(staff, {name: fields[name] for name in OWN_FIELDS if name in fields})
    _refuse_taken(staff)
    staff.save()
    publish(StaffChanged(staff_id=staff.pk, fields=changed, by_id=by.pk))
    return staff


@transaction.atomic
def deactivate_staff(staff_id: int, *, at: datetime, by: Staff) -> Staff:
    """They may no longer sign in; all their sessions have ended, they are offline.

    Their matters stay theirs until handed over. Refuses oneself and the last administrator.
    """
    require(by, AccountsPermission.MANAGE_STAFF)
    if staff_id == by.pk:
        raise NotYourself(_("You cannot deactivate yourself."))
    staff = _locked(staff_id, by)
    _keep_an_administrator(staff, [])
    staff.is_active = False
    staff.save(update_fields=["is_active", "updated_at"])
    end_all_sessions(staff, at=at, why="deactivated", by=by)
    move_presence(staff, PresenceState.OFFLINE, at=at, by=by)
    publish(StaffDeactivated(staff_id=staff.pk, by_id=by.pk))
    return staff


@transaction.atomic
def reactivate_staff(staff_id: int, *, by: Staff) -> Staff:
    """They may sign in again."""
    require(by, AccountsPermission.MANAGE_STAFF)
    staff = _locked(staff_id, by)
    staff.is_active = True
    staff.save(update_fields=["is_active", "updated_at"])
    publish(StaffReactivated(staff_id=staff.pk, by_id=by.pk))
    return staff


def _locked(staff_id: int, by: Staff) -> Staff:
    """The person, locked; refuses people out of reach and people more powerful than `by`."""
    if not managed_staff(by).filter(pk=staff_id).exists():
        raise NotPermitted(_("This person is outside the departments you answer for."))
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    if may_everything(staff):
        require_within_own(by, (), is_all_powerful=True)
    return staff


def _set_fields(staff: Staff, fields: dict[str, object]) -> list[str]:
    """Set FIELDS; what sounds and order are made of follows. Returns the names that changed."""
    changed = []
    for name in FIELDS:
        if name in fields and getattr(staff, name) != fields[name]:
            setattr(staff, name, fields[name])
            changed.append(name)
    staff.username = staff.username.strip().lower()
    staff.mail = staff.mail.strip().lower()
    staff.sound = f"{sound_index(staff.name)} {sound_index(staff.display_name)}".strip()
    staff.sort_key = pinyin_key(staff.name)
    return changed


def _require_roles(by: Staff, roles: Iterable[Role]) -> None:
    for role in roles:
        require_within_own(by, role.permissions, is_all_powerful=role.is_all_powerful)


def _refuse_taken(staff: Staff) -> None:
    others = Staff.objects.exclude(pk=staff.pk)
    if others.filter(username=staff.username).exists():
        raise StaffTaken(_("The sign-in name %s is taken.") % staff.username)
    if others.filter(staff_number=staff.staff_number).exists():
        raise StaffTaken(_("The staff number %s is taken.") % staff.staff_number)
    if staff.mail and others.filter(mail=staff.mail).exists():
        raise StaffTaken(_("The mail address %s belongs to somebody else.") % staff.mail)


def _keep_an_administrator(staff: Staff, roles: Iterable[Role]) -> None:
    if any(role.is_all_powerful for role in roles) or not may_everything(staff):
        return
    others = Staff.objects.active().people().exclude(pk=staff.pk)
    if not others.filter(roles__code__in=ALL_POWERFUL).exists():
        raise LastAdministrator(_("This is the last administrator."))
