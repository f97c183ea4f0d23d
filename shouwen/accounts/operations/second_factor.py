"""Writes about the second factor: set up, confirm, use, remove."""

import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shouwen.accounts.events import SecondFactorChanged
from shouwen.accounts.models import SecondFactor, SignInAttempt, Staff
from shouwen.accounts.operations.roles import may_everything, require_within_own
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.queries import totp_of
from shouwen.accounts.throttle import mark_success, reserve_attempt
from shouwen.core.bus import publish
from shouwen.core.errors import Refused

RECOVERY_CODES = 10
STEP_SECONDS = 30
CODE_LENGTH = 6


class WrongCode(Refused):
    """The code is wrong, too old, or was used before."""


class SecondFactorMissing(Refused):
    """No second factor has been set up."""


@transaction.atomic
def begin_second_factor(*, by: Staff) -> SecondFactor:
    """A new secret waits to be confirmed; one that is confirmed stays in force and is returned."""
    factor, made = SecondFactor.objects.select_for_update().get_or_create(
        staff=by, defaults={"nonce": secrets.token_hex(20)}
    )
    if not made and factor.confirmed_at is None and not factor.nonce:
        factor.nonce = secrets.token_hex(20)
        factor.save(update_fields=["nonce"])
    return factor


def confirm_second_factor(*, code: str, address: str, at: datetime, by: Staff) -> list[str]:
    """From now on signing in asks for a code. Returns the recovery codes, shown once.

    Refuses a wrong code and too many tries.
    """
    attempt = _reserve(by, address=address, at=at)
    with transaction.atomic():
        factor = _locked(by)
        _use_code(factor, code, at=at)
        codes = _new_recovery_codes(factor)
        factor.confirmed_at = at
        factor.save()
        publish(SecondFactorChanged(staff_id=by.pk, change="on", by_id=by.pk))
    mark_success(attempt)
    return codes


def check_second_factor(*, code: str, address: str, at: datetime, by: Staff) -> None:
    """The code was right, and neither it nor an older one works again.

    A code counts 30 seconds, one step earlier or later is allowed; a recovery code works once.
    Refuses (WrongCode) anything else, and too many tries (TooManyTries).
    """
    attempt = _reserve(by, address=address, at=at)
    with transaction.atomic():
        factor = _locked(by)
        plain = "".join(code.split()).lower().replace("-", "")
        if len(plain) == CODE_LENGTH and plain.isdigit():
            _use_code(factor, plain, at=at)
        else:
            _use_recovery_code(factor, plain)
        factor.save()
    mark_success(attempt)


@transaction.atomic
def renew_recovery_codes(*, by: Staff) -> list[str]:
    """The old recovery codes are void; returns the new ones, shown once."""
    factor = _locked(by)
    codes = _new_recovery_codes(factor)
    factor.save(update_fields=["recovery_hashes"])
    publish(SecondFactorChanged(staff_id=by.pk, change="new_recovery_codes", by_id=by.pk))
    return codes


@transaction.atomic
def remove_second_factor(staff_id: int, *, password: str = "", by: Staff) -> None:
    """Signing in asks for no code any more. One's own needs the password; others' the right."""
    staff = Staff.objects.people().get(pk=staff_id)
    if staff_id != by.pk:
        require(by, AccountsPermission.MANAGE_STAFF)
        if may_everything(staff):
            require_within_own(by, (), is_all_powerful=True)
    elif not staff.check_password(password):
        raise WrongCode(_("The password is not right."))
    deleted, _by_model = SecondFactor.objects.filter(staff=staff).delete()
    if deleted:
        publish(SecondFactorChanged(staff_id=staff.pk, change="off", by_id=by.pk))


def _reserve(staff: Staff, *, address: str, at: datetime) -> SignInAttempt:
    return reserve_attempt(
        SignInAttempt.Purpose.SECOND_FACTOR, staff.username, address=address, at=at
    )


def _locked(staff: Staff) -> SecondFactor:
    factor = SecondFactor.objects.select_for_update().filter(staff=staff).first()
    if factor is None:
        raise SecondFactorMissing(_("No second factor has been set up."))
    return factor


def _use_code(factor: SecondFactor, code: str, *, at: datetime) -> None:
    totp: pyotp.TOTP = totp_of(factor)
    now = int(at.timestamp()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        expected = totp.generate_otp(step).encode()
        if step > factor.last_used_step and compare_digest(expected, code.strip().encode()):
            factor.last_used_step = step
            return
    raise WrongCode(_("The code is not right, or was used before."))


def _use_recovery_code(factor: SecondFactor, code: str) -> None:
    hashed = _hash(factor, code)
    if hashed not in factor.recovery_hashes:
        raise WrongCode(_("The code is not right, or was used before."))
    factor.recovery_hashes = [one for one in factor.recovery_hashes if one != hashed]
    publish(SecondFactorChanged(staff_id=factor.staff_id, change="recovery_code_used"))


def _new_recovery_codes(factor: SecondFactor) -> list[str]:
    codes = [secrets.token_hex(5) for _n in range(RECOVERY_CODES)]
    factor.recovery_hashes = [_hash(factor, code) for code in codes]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _hash(factor: SecondFactor, code: str) -> str:
    return salted_hmac(
        "accounts.recovery", f"{factor.nonce}:{code}", algorithm="sha256"
    ).hexdigest()
