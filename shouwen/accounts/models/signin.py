"""Signing in (登录): sessions, attempts, second factor, password resets."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models.staff import Staff

# The first that a browser names itself by counts: Edge also says Chrome, Chrome also says Safari.
BROWSERS = {
    "MicroMessenger": "微信",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


class SignIn(models.Model):
    """One sign-in on one device (登录记录). Its session lives until `ended_at` is set."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, blank=True)  # blank once ended
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "sign_in"
        constraints = [
            models.UniqueConstraint(
                fields=["session_key"], condition=~Q(session_key=""), name="sign_in_session"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(session_key=""),
                name="ended_sign_in_forgets_session",
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-at"], name="sign_in_staff"),
            models.Index(fields=["staff"], name="sign_in_open", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def device_name(self) -> str:
        """The device in words people know: browser and system."""
        browser = next((name for mark, name in BROWSERS.items() if mark in self.device), "")
        system = next((name for mark, name in SYSTEMS.items() if mark in self.device), "")
        return " · ".join(part for part in (browser, system) if part) or self.device[:40] or "—"


class SignInAttempt(models.Model):
    """A try at a password or a code (登录尝试), kept for a day: what throttling counts."""

    class Purpose(models.TextChoices):
        PASSWORD = "password", _("Password")
        SECOND_FACTOR = "second_factor", _("Second factor")
        RESET = "reset", _("Password reset")

    purpose = models.CharField(max_length=15, choices=Purpose)
    account_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64)
    at = models.DateTimeField()
    is_known_address = models.BooleanField(default=False)
    has_succeeded = models.BooleanField(default=False)

    class Meta:
        db_table = "sign_in_attempt"
        indexes = [
            models.Index(fields=["account_key", "at"], name="attempt_account"),
            models.Index(fields=["address_key", "at"], name="attempt_address"),
            models.Index(fields=["at"], name="attempt_time"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.at:%Y-%m-%d %H:%M:%S}"


class SecondFactor(models.Model):
    """A one-time-code generator that a person confirmed (二次验证), and codes for emergencies."""

    staff = models.OneToOneField(
        Staff, on_delete=models.CASCADE, primary_key=True, related_name="second_factor"
    )
    nonce = models.CharField(max_length=64)  # the secret is derived from it and the site's key
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_used_step = models.BigIntegerField(default=0)  # codes up to this one are refused
    recovery_hashes = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        db_table = "second_factor"

    def __str__(self) -> str:
        return f"{self.staff_id}"


class PasswordReset(models.Model):
    """A password reset somebody asked for (重设密码). Its link works once, for an hour."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="password_resets")
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "password_reset"

    def __str__(self) -> str:
        return f"{self.staff_id} {self.asked_at:%Y-%m-%d %H:%M}"
