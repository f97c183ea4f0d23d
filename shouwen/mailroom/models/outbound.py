"""The ledger of what leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class OutboundQuerySet(models.QuerySet["Outbound"]):
    """Filters that read as words."""

    def due(self, at: datetime) -> OutboundQuerySet:
        return self.filter(state=Outbound.State.QUEUED, next_try_at__lte=at)

    def in_trouble(self) -> OutboundQuerySet:
        return self.filter(state__in=[Outbound.State.FAILED, Outbound.State.GIVEN_UP])

    def about(self, kind: str, subject_id: int) -> OutboundQuerySet:
        return self.filter(subject_kind=kind, subject_id=subject_id)


class Outbound(TimestampedModel):
    """One thing that leaves the company (发件台账), from the queue to the hand-over.

    The Message-ID is fixed when the row is made: a repeat after a crash carries the same one.
    `pending` are the recipients not yet handed over; only those are tried again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        HANDED_OVER = "handed_over", _("Handed over")
        FAILED = "failed", _("Refused")
        GIVEN_UP = "given_up", _("Given up")

    channel = models.CharField(max_length=60, default="mail")
    mailbox = models.ForeignKey(
        "mailroom.Mailbox", on_delete=models.PROTECT, null=True, related_name="outbound"
    )
    idempotency_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=250, unique=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    recipients = models.JSONField()
    pending = models.JSONField()
    refusals = models.JSONField(default=dict)
    subject = models.CharField(max_length=500, blank=True)
    raw_key = models.CharField(max_length=100)
    size = models.BigIntegerField(default=0)
    priority = models.SmallIntegerField(default=50)
    is_automatic = models.BooleanField(default=False)

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    handed_over_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    # While a worker is in the SMTP dialogue: its token, kept alive; see operations/sending.py.
    lease = models.CharField(max_length=40, blank=True)
    leased_until = models.DateTimeField(null=True)
    suspected_at = models.DateTimeField(null=True)

    objects = OutboundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sending", leased_until__isnull=False)
                | (~Q(state="sending") & Q(leased_until__isnull=True)),
                name="outbound_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(handed_over_at__isnull=False),
                name="outbound_handed_over_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "next_try_at", "id"],
                name="outbound_next",
                condition=Q(state="queued"),
            ),
            models.Index(
                fields=["leased_until"], name="outbound_leased", condition=Q(state="sending")
            ),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="outbound_subject"),
            models.Index(
                fields=["-id"],
                name="outbound_trouble",
                condition=Q(state__in=["failed", "given_up"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}: {self.subject}"

    @property
    def to_text(self) -> str:
        return ", ".join(self.recipients)

    @property
    def is_returned(self) -> bool:
        """It was handed over and came back."""
        return self.bounced_at is not None

    @property
    def can_resend(self) -> bool:
        return self.state in {self.State.FAILED, self.State.GIVEN_UP} or self.is_returned
