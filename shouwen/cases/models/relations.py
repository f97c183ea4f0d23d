"""How cases belong together: incidents, links, and wrongs done to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models.case import Case
from shouwen.core.models import TimestampedModel


class Incident(TimestampedModel):
    """One cause behind many cases (事件): one message to all, each counted by itself."""

    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=120)
    event_type = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="incidents"
    )
    found_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    measures = models.TextField(blank=True)
    result = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_incident"
        indexes = [models.Index(fields=["-found_at"], name="incident_recent")]

    def __str__(self) -> str:
        return self.number


class CaseLink(models.Model):
    """Two cases that have to do with each other (关联)."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related")
        DUPLICATE = "duplicate", _("Duplicate")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_link"
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="case_link_once"),
            models.CheckConstraint(
                condition=~Q(case=models.F("other")), name="case_link_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class Misconduct(TimestampedModel):
    """A wrong done in handling (违规): a complaint concealed or not recorded, favour, gifts asked for."""

    class Kind(models.TextChoices):
        CONCEALED = "concealed", _("Complaint concealed")
        UNRECORDED = "unrecorded", _("Complaint not recorded or reported")
        FAVOUR = "favour", _("Favouritism or private gain")
        BRIBE = "bribe", _("Money or goods asked for or taken")
        OTHER = "other", _("Other")

    class Grade(models.IntegerChoices):
        NONE = 0, _("Not graded yet")
        SELF_CRITICISM = 1, _("Self-criticism in the department")
        BASE_PAY = 2, _("Base pay only for the month")
        DISMISSAL = 3, _("Dismissal")

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="misconduct"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="misconduct")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField(choices=Grade, default=Grade.NONE)
    grade_reason = models.CharField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_misconduct"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="misconduct_approved_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.staff_id}"


class OutsideKey(models.Model):
    """What another program calls a case it sends (外部单号): the same key of the same person is one case for ever."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(
        max_length=64
    )  # of what was sent: the key means this and nothing else
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="outside_key")

    class Meta:
        db_table = "case_outside_key"
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="case_outside_key_once")]

    def __str__(self) -> str:
        return self.key
