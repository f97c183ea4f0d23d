"""Cases: work for a customer that must reach an end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import Stage as DefinedStage
from shouwen.core.models import TimestampedModel
from shouwen.core.search import SearchField


class CaseQuerySet(models.QuerySet["Case"]):
    """Filters that read as words."""

    def open(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def closed(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=False)

    def complaints(self) -> CaseQuerySet:
        return self.filter(is_complaint=True)

    def unaccepted(self) -> CaseQuerySet:
        """Registered, and nobody has said that he takes it. (D696)"""
        return self.open().filter(stage=Case.Stage.ACCEPT)

    def overdue(self, at: datetime) -> CaseQuerySet:
        return self.open().filter(due_at__lt=at)

    def near(self, at: datetime, *, within: timedelta) -> CaseQuerySet:
        """Open ones whose clock ends soon. (D224)"""
        return self.open().filter(due_at__gte=at, due_at__lt=at + within)

    def asked_first(self, staff: Staff) -> CaseQuerySet:
        """What this person was asked first and somebody else handles: still his to follow. (D270)"""
        return self.open().filter(first_responder=staff).exclude(handler=staff)

    def silent(self, at: datetime, *, hours: int) -> CaseQuerySet:
        """Open ones, not waiting for the customer, without a word of progress for so many hours.

        What lies too long becomes a new complaint. (D223, D224, D351)
        """
        longest = at - timedelta(hours=hours)
        return self.open().filter(waiting_since=None, last_progress_at__lt=longest)


class Case(TimestampedModel):
    """A piece of work for a customer that must reach an end (工单).

    Its stage changes only through operations, along workflow.py. The first responder is written
    once; the database refuses to change it (首问负责制, D270).
    """

    class Stage(models.TextChoices):
        ACCEPT = DefinedStage.ACCEPT.value, _("Acceptance")
        HANDLE = DefinedStage.HANDLE.value, _("Handling")
        ANSWER = DefinedStage.ANSWER.value, _("Answer")
        FOLLOW_UP = DefinedStage.FOLLOW_UP.value, _("Follow-up")
        ARCHIVE = DefinedStage.ARCHIVE.value, _("Archive")

    class Way(models.TextChoices):
        VISIT = "visit", _("In person")
        LETTER = "letter", _("By letter")
        CALL = "call", _("By phone")
        CHAT = "chat", _("By web chat")
        MAIL = "mail", _("By e-mail")
        SMS = "sms", _("By short message")
        FORM = "form", _("By form")
        PLATFORM = "platform", _("By a platform")
        OTHER = "other", _("Otherwise")

    class Validity(models.TextChoices):
        UNJUDGED = "", _("Not judged yet")
        VALID = "valid", pgettext_lazy("complaint", "Valid")
        INVALID = "invalid", pgettext_lazy("complaint", "Invalid")

    class InvalidChoice(models.TextChoices):
        NONE = "", _("None")
        ASSIST = "assist", _("Help nevertheless")
        REFUSE = "refuse", _("Refuse politely")

    class Priority(models.TextChoices):
        CRITICAL = "critical", _("Critical: nothing works")
        SERIOUS = "serious", _("Serious: badly damaged")
        ORDINARY = "ordinary", _("Ordinary")

    number = models.CharField(max_length=24, unique=True)
    kind = models.ForeignKey("cases.CaseKind", on_delete=models.PROTECT, related_name="cases")
    # Of the kind, kept here: complaints and suggestions are never counted together (D212).
    is_complaint = models.BooleanField(default=False)
    category = models.ForeignKey(
        "cases.CaseCategory", on_delete=models.PROTECT, null=True, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="cases"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    way = models.CharField(max_length=10, choices=Way)
    title = models.CharField(max_length=120)
    matter = models.TextField()  # the customer's own words
    demand = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    place = models.CharField(max_length=120, blank=True)

    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="cases"
    )
    first_responder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="first_cases"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="handled_cases"
    )
    accused = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ACCEPT)
    validity = models.CharField(max_length=8, choices=Validity, default="", blank=True)
    validity_reason = models.CharField(max_length=500, blank=True)
    contract_clause = models.CharField(max_length=200, blank=True)
    invalid_choice = models.CharField(max_length=8, choices=InvalidChoice, default="", blank=True)
    is_major = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    # The customer may go over our heads (越级投诉, D542): leaders are asked to help before he does.
    has_overhead_risk = models.BooleanField(default=False, db_default=False)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.ORDINARY)
    # Severity in the first review: safety, impact and urgency, each 0 to 3.
    safety = models.PositiveSmallIntegerField(null=True)
    impact = models.PositiveSmallIntegerField(null=True)
    urgency = models.PositiveSmallIntegerField(null=True)

    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    followed_up_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)  # for the customer: clocks stand still
    last_progress_at = models.DateTimeField()
    stalled_at = models.DateTimeField(null=True)  # when the last silence was announced
    due_at = models.DateTimeField(null=True)  # the nearest running clock, for lists
    ladder_level = models.PositiveSmallIntegerField(default=0)
    is_handed_over = models.BooleanField(default=False)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    recurrence = models.PositiveSmallIntegerField(default=1)  # the how-manieth of its like here

    result = models.TextField(blank=True)
    cause = models.ForeignKey(
        "cases.CaseCategory", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cause_evidence = models.CharField(max_length=500, blank=True)
    corrective_action = models.TextField(blank=True)
    is_won_back = models.BooleanField(null=True)

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )
    incident = models.ForeignKey(
        "cases.Incident", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    search = SearchField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        db_table = "service_case"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(stage="archive")
                | Q(merged_into__isnull=False),
                name="case_closed_from_archive",
            ),
            models.CheckConstraint(
                condition=Q(stage="accept") | Q(accepted_at__isnull=False),
                name="case_beyond_acceptance_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(validity="invalid") | ~Q(validity_reason=""),
                name="case_invalid_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(accused__isnull=True)
                | Q(handler__isnull=True)
                | ~Q(accused=models.F("handler")),
                name="case_handler_is_not_accused",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-opened_at", "-id"], name="case_of_department"),
            models.Index(fields=["kind", "-opened_at", "-id"], name="case_of_kind"),
            models.Index(fields=["handler", "-opened_at", "-id"], name="case_of_handler"),
            models.Index(fields=["-opened_at", "-id"], name="case_recent"),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(closed_at=None)),
            models.Index(
                fields=["stage", "due_at", "id"], name="case_on_board", condition=Q(closed_at=None)
            ),
            models.Index(
                fields=["last_progress_at"], name="case_silent", condition=Q(closed_at=None)
            ),
            models.Index(
                fields=["kind", "place", "-opened_at"], name="case_at_place", condition=~Q(place="")
            ),
            models.Index(
                fields=["first_responder", "-opened_at"],
                name="case_first_open",
                condition=Q(closed_at=None),
            ),
            # By what was done when, for the figures of a period.
            *(
                models.Index(
                    fields=[column], name=name, condition=Q(**{f"{column}__isnull": False})
                )
                for column, name in (
                    ("accepted_at", "case_accepted"),
                    ("handled_at", "case_handled"),
                    ("answered_at", "case_answered"),
                    ("closed_at", "case_closed"),
                )
            ),
            GinIndex(fields=["search"], name="case_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        """In the archive."""
        return self.closed_at is not None

    @property
    def is_waiting(self) -> bool:
        """For the customer."""
        return self.waiting_since is not None

    @property
    def severity_score(self) -> int | None:
        """Safety, impact and urgency together, 0 to 9; None before the first review."""
        if self.safety is None or self.impact is None or self.urgency is None:
            return None
        return self.safety + self.impact + self.urgency
