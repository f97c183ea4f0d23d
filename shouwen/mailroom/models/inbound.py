"""The ledger of what arrived, and the rules that drop."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class DropRule(TimestampedModel):
    """A named reason to drop mail without showing it as a conversation (丢弃规则).

    Every drop is counted and stays on the ledger with its raw bytes. The rules that come with the
    product have a code; they can be switched off but not removed.
    """

    class Kind(models.TextChoices):
        OWN_LOOP = "own_loop", _("Our own mail coming back")
        UNKNOWN_BOUNCE = "unknown_bounce", _("Bounce of a mail that is not ours")
        UNKNOWN_AUTO_REPLY = "unknown_auto_reply", _("Automatic reply that answers nothing of ours")
        BULK = "bulk", _("Newsletters and mailing lists")
        TOO_LARGE = "too_large", _("Larger than the limit")
        SENDER = "sender", _("Blocked sender")
        BY_HAND = "by_hand", _("Dropped by hand")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    pattern = models.CharField(max_length=254, blank=True)
    is_built_in = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    dropped_count = models.BigIntegerField(default=0)
    last_dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="sender") | ~Q(pattern=""), name="sender_rule_has_pattern"
            ),
            models.UniqueConstraint(
                fields=["pattern"], condition=Q(kind="sender"), name="sender_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The rule's name in the reader's language."""
        return str(self.get_kind_display()) if self.is_built_in else self.name


class InboundQuerySet(models.QuerySet["Inbound"]):
    """Filters that read as words."""

    def waiting(self) -> InboundQuerySet:
        return self.filter(state=Inbound.State.RECEIVED)

    def quarantined(self) -> InboundQuerySet:
        return self.filter(state=Inbound.State.QUARANTINED)

    def arrived_between(self, start: datetime, end: datetime) -> InboundQuerySet:
        return self.filter(received_at__gte=start, received_at__lt=end)


class Inbound(models.Model):
    """One thing that arrived from outside (收件台账): its raw bytes, and what became of it.

    received = handled + quarantined + dropped + still waiting, always: the state is one column.
    The unique keys make a second fetch of the same thing impossible, whatever dies in between.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Still waiting")
        HANDLED = "handled", _("Handled")
        QUARANTINED = "quarantined", _("Quarantined")
        DROPPED = "dropped", _("Dropped")

    channel = models.CharField(max_length=60, default="mail")
    mailbox = models.ForeignKey(
        "mailroom.Mailbox", on_delete=models.PROTECT, null=True, related_name="inbound"
    )
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    external_id = models.CharField(max_length=200, blank=True)
    # What makes the mail this mail and no other: a hash of Message-ID, sender and date.
    identity = models.CharField(max_length=64, blank=True)
    message_id = models.TextField(blank=True)
    raw_key = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    rule = models.ForeignKey(DropRule, on_delete=models.PROTECT, null=True, related_name="dropped")
    attempts = models.PositiveIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    understood_at = models.DateTimeField(null=True)
    was_retried = models.BooleanField(default=False)
    automatic = models.CharField(max_length=20, blank=True)

    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    handled_as_kind = models.CharField(max_length=40, blank=True)
    handled_as_id = models.BigIntegerField(null=True)

    objects = InboundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"],
                condition=Q(uid__isnull=False),
                name="inbound_uid_once",
            ),
            models.UniqueConstraint(
                fields=["mailbox", "identity"],
                condition=Q(mailbox__isnull=False) & ~Q(identity=""),
                name="inbound_mail_once_per_mailbox",
            ),
            models.UniqueConstraint(
                fields=["channel", "identity"],
                condition=Q(mailbox__isnull=True) & ~Q(identity=""),
                name="inbound_mail_once_per_channel",
            ),
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(external_id=""),
                name="inbound_delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(state="dropped", rule__isnull=False)
                | (~Q(state="dropped") & Q(rule__isnull=True)),
                name="inbound_dropped_by_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(state="received", settled_at__isnull=True)
                | (~Q(state="received") & Q(settled_at__isnull=False)),
                name="inbound_settled_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], name="inbound_received"),
            models.Index(
                fields=["message_id"], name="inbound_message_id", condition=~Q(message_id="")
            ),
            models.Index(
                fields=["updated_at"], name="inbound_waiting", condition=Q(state="received")
            ),
            models.Index(
                fields=["-id"], name="inbound_quarantined", condition=Q(state="quarantined")
            ),
            models.Index(fields=["rule", "-id"], name="inbound_rule", condition=Q(state="dropped")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}: {self.subject}"

    @property
    def is_settled(self) -> bool:
        return self.state != self.State.RECEIVED

    @property
    def can_retry(self) -> bool:
        """Quarantined, or dropped, and not yet made into anything."""
        return self.state in {self.State.QUARANTINED, self.State.DROPPED}
