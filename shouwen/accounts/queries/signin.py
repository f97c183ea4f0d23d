"""Reads about signing in."""

import base64
from datetime import datetime, timedelta

import pyotp
from django.core import signing
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from shouwen.accounts.models import PasswordReset, SecondFactor, SignIn, Staff

RESET_LIFETIME = timedelta(hours=1)
RESET_SALT = "accounts.password_reset"


def own_sign_ins(staff: Staff) -> QuerySet[SignIn]:
    """One's own sign-ins, newest first."""
    return SignIn.objects.filter(staff=staff).order_by("-at", "-pk")


def has_second_factor(staff: Staff) -> bool:
    """Whether signing in asks for a code."""
    return SecondFactor.objects.filter(staff=staff, confirmed_at__isnull=False).exists()


def totp_of(factor: SecondFactor) -> pyotp.TOTP:
    """The generator of the codes; its secret is derived from the site's key and stored nowhere."""
    digest = salted_hmac("accounts.totp", factor.nonce, algorithm="sha256").digest()
    return pyotp.TOTP(base64.b32encode(digest[:20]).decode())


def totp_uri(factor: SecondFactor, staff: Staff, issuer: str) -> str:
    """What the QR code says to an authenticator."""
    return totp_of(factor).provisioning_uri(name=staff.username, issuer_name=issuer)


def password_reset_token(reset_id: int) -> str:
    """What the link of a reset ends with: `{PUBLIC_URL}{reverse("accounts:password_reset_set",
    args=[token])}`.

    Made by whoever sends it (on PasswordResetAsked), so that it stands in no history and no job.
    """
    reset = PasswordReset.objects.select_related("staff").get(pk=reset_id)
    return signing.dumps([reset.pk, _fingerprint(reset.staff)], salt=RESET_SALT)


def usable_reset(token: str, *, at: datetime) -> PasswordReset | None:
    """The reset a link belongs to, if it is ours, unused, younger than an hour, and the person,
    their password and their mail address are as they were when it was asked for."""
    try:
        reset_id, fingerprint = signing.loads(token, salt=RESET_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    reset = (
        PasswordReset.objects.select_related("staff")
        .filter(pk=reset_id, used_at__isnull=True, asked_at__gt=at - RESET_LIFETIME)
        .first()
    )
    if reset is None or not reset.staff.is_active or fingerprint != _fingerprint(reset.staff):
        return None
    return reset


def _fingerprint(staff: Staff) -> str:
    return salted_hmac(RESET_SALT, f"{staff.password}:{staff.mail}").hexdigest()[:16]
