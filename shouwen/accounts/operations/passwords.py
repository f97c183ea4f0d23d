"""Writes about passwords: change, ask for a reset, set a new one."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.events import PasswordChanged, PasswordResetAsked
from shouwen.accounts.models import PasswordReset, SignInAttempt, Staff
from shouwen.accounts.operations.roles import may_everything, require_within_own
from shouwen.accounts.operations.sessions import end_all_sessions, end_other_sign_ins
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.queries import system_staff, usable_reset
from shouwen.accounts.throttle import reserve_attempt
from shouwen.core.bus import publish
from shouwen.core.errors import Refused


class WrongOldPassword(Refused):
    """The password now in use was not given."""


class WeakPassword(Refused):
    """The new password is easy to guess."""


class ResetLinkUsedUp(Refused):
    """The link was used, is older than an hour, or was never ours."""


def _refuse_weak(password: str, staff: Staff) -> None:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error


@transaction.atomic
def change_password(
    *, old_password: str, new_password: str, keep_session_key: str, at: datetime, by: Staff
) -> Staff:
    """One's own password is new; all other sessions have ended. Refuses a wrong old, a weak new."""
    staff = Staff.objects.select_for_update().get(pk=by.pk)
    if not staff.check_password(old_password):
        raise WrongOldPassword(_("The old password is not right."))
    _refuse_weak(new_password, staff)
    _set(staff, new_password, at=at)
    end_other_sign_ins(keep_session_key=keep_session_key, at=at, by=staff, why="new_password")
    publish(PasswordChanged(staff_id=staff.pk, how="changed", by_id=by.pk))
    return staff


def ask_password_reset(mail_or_name: str, *, address: str, at: datetime) -> None:
    """If somebody active has this mail address or sign-in name, a link is on its way to them.

    Nobody is told whether there is such a person. Refuses too many asks (TooManyTries).
    """
    asked = mail_or_name.strip().lower()
    reserve_attempt(SignInAttempt.Purpose.RESET, asked, address=address, at=at)
    people = Staff.objects.active().people().exclude(mail="")
    staff = (people.filter(mail=asked) | people.filter(username=asked)).first()
    if staff is not None:
        make_reset(staff, at=at, by=system_staff())


@transaction.atomic
def make_reset(staff: Staff, *, at: datetime, by: Staff) -> PasswordReset:
    """A link is on its way to the person's mail address; works once within the hour."""
    PasswordReset.objects.filter(asked_at__lt=at - timedelta(days=30)).delete()
    reset = PasswordReset.objects.create(staff=staff, asked_at=at)
    publish(PasswordResetAsked(staff_id=staff.pk, reset_id=reset.pk, mail=staff.mail, by_id=by.pk))
    return reset


def invite_staff(staff_id: int, *, at: datetime, by: Staff) -> PasswordReset:
    """A link to set a password is on its way to somebody, asked for by who manages staff."""
    require(by, AccountsPermission.MANAGE_STAFF)
    return make_reset(Staff.objects.people().active().get(pk=staff_id), at=at, by=by)


@transaction.atomic
def reset_password(token: str, *, new_password: str, at: datetime) -> Staff:
    """The password is new, the link used up, every session of the person ended.

    Refuses (ResetLinkUsedUp) a used, old or foreign link, and a weak password.
    """
    reset = usable_reset(token, at=at)
    if reset is None:
        raise ResetLinkUsedUp(_("This link no longer works. Please ask for a new one."))
    reset = PasswordReset.objects.select_for_update().get(pk=reset.pk)
    staff = Staff.objects.select_for_update().get(pk=reset.staff_id)
    if reset.used_at is not None:
        raise ResetLinkUsedUp(_("This link no longer works. Please ask for a new one."))
    _refuse_weak(new_password, staff)
    staff.password_resets.filter(used_at__isnull=True).update(used_at=at)
    _set(staff, new_password, at=at)
    end_all_sessions(staff, at=at, why="new_password", by=staff)
    publish(PasswordChanged(staff_id=staff.pk, how="reset", by_id=staff.pk))
    return staff


@transaction.atomic
def set_password_of(staff_id: int, *, new_password: str, at: datetime, by: Staff) -> Staff:
    """Somebody who manages staff gave them a password; their sessions have ended.

    Refuses a weak one, and people more powerful than `by`.
    """
    require(by, AccountsPermission.MANAGE_STAFF)
    staff = Staff.objects.select_for_update().people().get(pk=staff_id)
    if may_everything(staff):
        require_within_own(by, (), is_all_powerful=True)
    _refuse_weak(new_password, staff)
    _set(staff, new_password, at=at)
    end_all_sessions(staff, at=at, why="new_password", by=by)
    publish(PasswordChanged(staff_id=staff.pk, how="set", by_id=by.pk))
    return staff


def _set(staff: Staff, password: str, *, at: datetime) -> None:
    staff.set_password(password)
    staff.password_changed_at = at
    staff.save(update_fields=["password", "password_changed_at", "updated_at"])
