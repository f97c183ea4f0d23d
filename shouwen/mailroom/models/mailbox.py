"""Mailboxes: where mail is fetched and through which it is sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """Filters that read as words."""

    def active(self) -> MailboxQuerySet:
        return self.filter(is_active=True)

    def failing(self) -> MailboxQuerySet:
        return self.active().filter(Q(health=Mailbox.Health.FAILING) | ~Q(send_error=""))


class Mailbox(TimestampedModel):
    """A mail account of the company (邮箱): fetched by IMAP, sent through by SMTP.

    Passwords are stored encrypted with a key derived from SECRET_KEY.
    """

    class Security(models.TextChoices):
        TLS = "tls", _("TLS")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("None (only inside your own network)")

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("Not tried yet")
        WELL = "well", _("Well")
        FAILING = "failing", _("Failing")

    name = models.CharField(max_length=80)
    address = models.EmailField(max_length=254, unique=True)
    from_name = models.CharField(max_length=80, blank=True)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mailboxes",
    )
    is_active = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    uses_subaddresses = models.BooleanField(default=False)
    takes_waiting = models.BooleanField(default=True)
    poll_seconds = models.PositiveIntegerField(default=60)
    revision = models.PositiveIntegerField(default=0)

    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    imap_username = models.CharField(max_length=254, blank=True)
    imap_password = models.TextField(blank=True)
    folder = models.CharField(max_length=200, default="INBOX")

    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    smtp_username = models.CharField(max_length=254, blank=True)
    smtp_password = models.TextField(blank=True)

    uidvalidity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    health = models.CharField(max_length=10, choices=Health, default=Health.UNKNOWN)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    send_error = models.TextField(blank=True)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="mailbox_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def is_failing(self) -> bool:
        return self.health == self.Health.FAILING or bool(self.send_error)

    @property
    def can_fetch(self) -> bool:
        return self.is_active and bool(self.imap_host)

    @property
    def can_send(self) -> bool:
        return self.is_active and bool(self.smtp_host)
