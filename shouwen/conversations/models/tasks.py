"""What conversations leave to do: calls back, and callers the team should know of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class CallBack(TimestampedModel):
    """A call somebody owes a customer (回电任务): no contact stays without an answer or a call back."""

    class Reason(models.TextChoices):
        MISSED = "missed", _("Missed call")
        ABANDONED = "abandoned", _("Left the queue")
        MESSAGE = "message", _("Left a message")
        PROMISED = "promised", _("Promised")

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.PROTECT, related_name="call_backs"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="call_backs"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="call_backs"
    )
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="call_backs"
    )
    reason = models.CharField(max_length=10, choices=Reason)
    due_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    result = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "reason"],
                condition=Q(done_at__isnull=True),
                name="call_back_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at__isnull=True), name="call_back_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.conversation_id}"


class HarassmentMark(TimestampedModel):
    """A caller who harasses (骚扰用户): the team is told, with the rule how to handle him."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="harassment_marks"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300)
    handling = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(lifted_at__isnull=True), name="harassment_mark_one"
            )
        ]

    def __str__(self) -> str:
        return self.reason
