"""Presence (在线状态): what each person is doing now, and did before."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models.staff import Staff


class PresenceState(models.TextChoices):
    """What a person is doing, as queues and colleagues see it."""

    ONLINE = "online", _("Online")
    BUSY = "busy", _("Busy")
    BREAK = "break", _("On a break")
    WRAPPING_UP = "wrapping_up", _("Wrapping up")
    OFFLINE = "offline", _("Offline")

    @property
    def tone(self) -> str:
        """The colour it is shown in."""
        tones = {
            PresenceState.ONLINE: "kept",
            PresenceState.BUSY: "late",
            PresenceState.OFFLINE: "plain",
        }
        return tones.get(self, "near")


class Presence(models.Model):
    """The present state of one person (在线状态). No row means offline since ever."""

    staff = models.OneToOneField(
        Staff, on_delete=models.CASCADE, primary_key=True, related_name="presence"
    )
    state = models.CharField(max_length=12, choices=PresenceState, default=PresenceState.OFFLINE)
    reason = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "presence"
        indexes = [models.Index(fields=["state"], name="presence_state")]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.state}"


class PresenceSpan(models.Model):
    """A time somebody spent in one state, now over (状态时段)."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="presence_spans")
    state = models.CharField(max_length=12, choices=PresenceState)
    reason = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "presence_span"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("started_at")), name="presence_span_runs_forward"
            )
        ]
        indexes = [
            models.Index(fields=["ended_at", "started_at"], name="presence_span_time"),
            models.Index(fields=["staff", "ended_at"], name="presence_span_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.state} {self.started_at:%Y-%m-%d %H:%M}"
