"""Kinds of matters with the flow of each, and when what was heard is put together."""

from django.db import models

from shouwen.core.models import TimestampedModel


class ContactKind(TimestampedModel):
    """What a contact is about (事项类别), as data: what must be asked, and what must follow.

    With `needs_feedback` a contact of this kind is not over before the customer has been told, or
    a call is owed; where something is left to do, he is told within `feedback_minutes` working
    minutes. Cases take over where a matter needs more than a contact; the kind stays.
    """

    code = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=100)
    needs_feedback = models.BooleanField(default=False)
    feedback_minutes = models.PositiveIntegerField(default=480)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class ContactQuestion(models.Model):
    """A question that is asked of every customer with such a matter (问询清单), in this order."""

    kind = models.ForeignKey(ContactKind, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=100)
    is_required = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "position"], name="contact_question_order")]

    def __str__(self) -> str:
        return self.text


class ReportSpan(TimestampedModel):
    """A part of the day whose needs and opinions are put together at its end (汇总时段).

    Minutes since midnight where the company is; one that ends before it begins lasts overnight.
    """

    name = models.CharField(max_length=40)
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts__lt=24 * 60, ends__lte=24 * 60),
                name="report_span_within_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> str:
        """As 08:30-17:30."""
        return "-".join(f"{one // 60 % 24:02}:{one % 60:02}" for one in (self.starts, self.ends))
