"""The summary asked for at the end of every contact."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class WrapUp(TimestampedModel):
    """What a contact was about and what comes next (会话小结). One a conversation, kept as a draft first."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", _("Enquiry")
        LOOKUP = "lookup", _("Look-up")
        REPAIR = "repair", _("Repair")
        COMPLAINT = "complaint", _("Complaint")
        SUGGESTION = "suggestion", _("Suggestion")
        OTHER = "other", _("Other")

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="wrap_up"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wrap_ups"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ENQUIRY)
    demand = models.CharField(max_length=500, blank=True)
    motive = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=100, blank=True)
    next_action = models.CharField(max_length=300, blank=True)
    needs = models.CharField(max_length=500, blank=True)
    is_draft = models.BooleanField(default=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"wrap-up of {self.conversation_id}"


class SummaryPoint(models.Model):
    """One point the customer raised (诉求点), solved or carried to the next day's list."""

    wrap_up = models.ForeignKey(WrapUp, on_delete=models.CASCADE, related_name="points")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="summary_points"
    )
    raised_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    solution = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "raised_at"],
                condition=Q(solved_at__isnull=True),
                name="point_unsolved",
            )
        ]

    def __str__(self) -> str:
        return self.text
