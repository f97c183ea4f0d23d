"""Queues: who serves what, when, and how long somebody may wait."""

from django.conf import settings
from django.db import models

from shouwen.core.models import TimestampedModel


class Queue(TimestampedModel):
    """A skill group with its waiting line (接待组)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="queues"
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="queues", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_queues",
    )
    calendar = models.ForeignKey(
        "deadlines.WorkCalendar",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="queues",
    )
    language = models.CharField(max_length=10, blank=True)
    waiting_limit = models.PositiveIntegerField(default=30)
    wait_limit_seconds = models.PositiveIntegerField(default=600)
    slow_after_seconds = models.PositiveIntegerField(default=100)
    # Contacts within an hour from which on more people are called in; 0: no alarm. (D148)
    surge_per_hour = models.PositiveIntegerField(default=0, db_default=0)
    # How many must be there; 0: no such number. (D370)
    required_agents = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Takes reports of faults: the quickest response is measured, and promised. (D613)
    is_fault_intake = models.BooleanField(default=False, db_default=False)
    # Only approved answers are offered to whoever serves here. (D578)
    answers_only_approved = models.BooleanField(default=False, db_default=False)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="queue_one_default",
            )
        ]

    def __str__(self) -> str:
        return self.name
