"""The summary asked for at the end of every contact."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class WrapUp(TimestampedModel):
    """What a contact was about and what comes next (会话小结). One a conversation, kept as a draft first."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="wrap_up"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wrap_ups"
    )
    kind = models.ForeignKey(
        "conversations.ContactKind",
        to_field="code",
        db_column="kind",
        on_delete=models.PROTECT,
        default="enquiry",
        related_name="wrap_ups",
    )
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

    class Sort(models.TextChoices):
        NEED = "need", _("Need")
        OPINION = "opinion", _("Opinion")
        COMPLAINT = "complaint", _("Complaint")
        SUGGESTION = "suggestion", _("Suggestion")

    wrap_up = models.ForeignKey(WrapUp, on_delete=models.CASCADE, related_name="points")
    text = models.CharField(max_length=300)
    sort = models.CharField(max_length=10, choices=Sort, blank=True, default="", db_default="")
    # The line in which it was heard, if it was marked during the talk.
    line = models.ForeignKey(
        "conversations.Line", on_delete=models.SET_NULL, null=True, related_name="points"
    )
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
            ),
            models.Index(fields=["raised_at"], condition=~Q(sort=""), name="point_sorted"),
        ]

    def __str__(self) -> str:
        return self.text


class ContactAnswer(models.Model):
    """What the customer answered to a question of the kind's list (问询记录)."""

    wrap_up = models.ForeignKey(WrapUp, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        "conversations.ContactQuestion", on_delete=models.PROTECT, related_name="answers"
    )
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wrap_up", "question"], name="contact_answer_once")
        ]

    def __str__(self) -> str:
        return self.text


class Feedback(models.Model):
    """What the customer was told of his matter, how and when (客户告知): how far it is, or the answer."""

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.PROTECT, related_name="feedback"
    )
    way = models.CharField(max_length=10)
    text = models.CharField(max_length=500)
    is_final = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["conversation", "-at"], name="feedback_of_talk")]

    def __str__(self) -> str:
        return self.text
