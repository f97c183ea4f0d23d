"""What was done and said on the way: steps, answers, promises, follow-ups, papers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models.case import Case
from shouwen.core.files import file_url


class StepDone(models.Model):
    """A step of the list done, or passed over with a reason (步骤). (D021)"""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps_done")
    code = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    skip_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "case_step"
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="case_step_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class Answer(models.Model):
    """What the customer was told in the end (答复): how, when, what will be done and when. (D686, D701)"""

    class Reply(models.TextChoices):
        NONE = "", _("No reply yet")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Not accepted")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    way = models.CharField(max_length=10, choices=Case.Way)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    method = models.CharField(max_length=300, blank=True)
    works_from = models.DateTimeField(null=True)
    is_not_ours = models.BooleanField(default=False)
    other_way_reason = models.CharField(max_length=300, blank=True)
    reply = models.CharField(max_length=10, choices=Reply, default="", blank=True)
    reply_words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "case_answer"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_not_ours=True) | (Q(works_from__isnull=False) & ~Q(method="")),
                name="case_answer_is_concrete",
            )
        ]
        indexes = [models.Index(fields=["case", "at"], name="case_answer_at")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.way}"


class CasePromise(models.Model):
    """What we promised the customer, and by when (承诺); kept, or spoken about before it is broken."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="promises")
    text = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    trouble_at = models.DateTimeField(null=True)  # something came up within the term (D550)
    trouble = models.CharField(max_length=300, blank=True)
    customer_told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_promise"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("at")), name="case_promise_lies_ahead"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="case_promise_open", condition=Q(kept_at=None))
        ]

    def __str__(self) -> str:
        return self.text


class FollowUpDuty(models.Model):
    """A follow-up that a case owes its customer (回访): without its result nothing is archived."""

    class Result(models.TextChoices):
        OWED = "", _("Owed")
        SATISFIED = "satisfied", _("Satisfied")
        FAIR = "fair", _("Fair")
        DISSATISFIED = "dissatisfied", _("Dissatisfied")
        UNREACHABLE = "unreachable", _("Could not be reached")
        DECLINED = "declined", _("Did not want to talk")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    owed_since = models.DateTimeField()
    result = models.CharField(max_length=12, choices=Result, default="", blank=True)
    way = models.CharField(max_length=10, choices=Case.Way, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "case_follow_up"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(result=""), name="case_one_follow_up_owed"
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(at__isnull=False, by__isnull=False),
                name="case_follow_up_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="case_follow_up_at", condition=Q(at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.result or 'owed'}"


class CasePaper(models.Model):
    """A paper that belongs to a case (材料): a letter, a photo, a signed form.

    With a `word` the customer sent it himself, and sees it on his own page.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    word = models.ForeignKey(
        "cases.CustomerWord", on_delete=models.PROTECT, null=True, related_name="papers"
    )
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_paper"
        indexes = [models.Index(fields=["case", "at"], name="case_paper_at")]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """An address that opens the paper for a day."""
        return file_url(self.file)
