"""What had to be decided: approvals, remedies, levels of the ladder."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models.case import Case


class Approval(models.Model):
    """A question to somebody higher (审批): the proposal for a case, or a remedy above the limit."""

    class About(models.TextChoices):
        PROPOSAL = "proposal", _("Proposal")
        REMEDY = "remedy", _("Remedy")

    class Decision(models.TextChoices):
        OPEN = "", _("Open")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    about = models.CharField(max_length=10, choices=About)
    text = models.TextField()
    options = models.TextField(blank=True)  # what else could be done, and the compromise (D160)
    role_code = models.CharField(max_length=40)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, default="", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "case_approval"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="case_approval_decided_by_somebody",
            ),
            # Nobody grants what he asked for himself.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="case_approval_by_another",
            ),
            models.UniqueConstraint(
                fields=["case", "about"],
                condition=Q(decision="", about="proposal"),
                name="case_one_open_proposal",
            ),
        ]
        indexes = [
            models.Index(
                fields=["role_code", "asked_at"], name="approval_open", condition=Q(decision="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.about} {self.decision or 'open'}"


class Remedy(models.Model):
    """What the customer is offered (补救方案): its amount and what it costs us, in fen."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for approval")
        REFUSED = "refused", _("Not approved")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined by the customer")
        DONE = "done", _("Carried out")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="remedies")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    amount_fen = models.BigIntegerField(default=0)
    cost_fen = models.BigIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State)
    approval = models.OneToOneField(
        Approval, on_delete=models.PROTECT, null=True, related_name="remedy"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    customer_words = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "case_remedy"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, cost_fen__gte=0), name="case_remedy_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Escalation(models.Model):
    """One level of the ladder reached (升级): from whom to whom, why, and the advice that came back."""

    class How(models.TextChoices):
        BY_HAND = "hand", _("By hand")
        MISSED = "missed", _("A clock was missed")
        MAJOR = "major", _("Marked major")
        URGENT = "urgent", _("Special or urgent")
        RISK = "risk", _("May complain over our heads")
        COMPANY = "company", _("Beyond the department's power")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    role_code = models.CharField(max_length=40)
    role_name = models.CharField(max_length=80)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="escalations"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    advice = models.CharField(max_length=500, blank=True)
    advised_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_escalation"
        indexes = [
            models.Index(fields=["to", "-at"], name="escalation_to"),
            models.Index(fields=["at"], name="escalation_at"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} level {self.level}"
