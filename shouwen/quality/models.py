"""Rule documents with their versions and read receipts, quantified standards, principles, evaluations."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.quality.definitions import Body


class RuleDocument(TimestampedModel):
    """A rule document (规章制度): what it is, whom it is for, and when it must be looked through again."""

    class Sort(models.TextChoices):
        RULE = "rule", _("Rules")
        STANDARD = "standard", _("Service standard")
        NORM = "norm", _("Norm")
        PROCESS = "process", _("Process")
        INFORMATION = "information", _("Passing of information")
        HANDBOOK = "handbook", _("Handbook")

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    sort = models.CharField(max_length=12, choices=Sort, default=Sort.RULE)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="rule_documents"
    )
    for_departments = models.ManyToManyField("accounts.Department", related_name="rules_to_read")
    posts = ArrayField(models.CharField(max_length=40), default=list)
    is_public = models.BooleanField(default=False)
    first_review_months = models.PositiveSmallIntegerField(null=True)
    review_months = models.PositiveSmallIntegerField(null=True)
    review_on = models.DateField(null=True)
    review_told_on = models.DateField(null=True)
    pack = models.CharField(max_length=40, blank=True)
    pack_definition = models.JSONField(null=True)

    class Meta:
        db_table = "rule_document"
        indexes = [models.Index(fields=["review_on"], name="rule_document_review")]

    def __str__(self) -> str:
        return self.title


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    """Filters that read as words."""

    def published(self) -> RuleVersionQuerySet:
        """Those that were published, in force or not yet."""
        return self.filter(state=RuleVersion.State.PUBLISHED)

    def in_force(self, day: date) -> RuleVersionQuerySet:
        """The one of each document that holds on this day."""
        begun = self.published().filter(effective_on__lte=day)
        newest = begun.order_by("document_id", "-effective_on", "-number")
        return self.filter(pk__in=newest.distinct("document_id").values("pk"))


class RuleVersion(TimestampedModel):
    """One version of a rule document (版本). A published one is never changed: the database refuses."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    body = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    is_from_pack = models.BooleanField(default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="written_rules"
    )
    effective_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="published_rules",
    )

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        db_table = "rule_version"
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="draft"), name="rule_version_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | Q(state="published", published_at__isnull=False, effective_on__isnull=False),
                name="rule_version_published_has_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @cached_property
    def text(self) -> Body:
        """Preface, chapters and articles."""
        return Body.model_validate(self.body)


class ReadReceipt(models.Model):
    """One person says to have read one version (阅读回执)."""

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="receipts")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_receipts"
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "rule_read_receipt"
        constraints = [models.UniqueConstraint(fields=["version", "staff"], name="rule_read_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.staff_id}"


class Standard(TimestampedModel):
    """A quantified service standard (服务标准) of a department: indicator, target, unit, who assesses."""

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    class Assessor(models.TextChoices):
        OWN = "own", _("service department")
        THIRD_PARTY = "third_party", _("third party")

    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="standards"
    )
    document = models.ForeignKey(
        RuleDocument, on_delete=models.PROTECT, null=True, related_name="standards"
    )
    name = models.CharField(max_length=80)
    flow = models.CharField(max_length=80, blank=True)
    indicator = models.CharField(max_length=200)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.AT_LEAST)
    target = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=20)
    assessor = models.CharField(max_length=12, choices=Assessor, default=Assessor.OWN)
    assessor_name = models.CharField(max_length=80, blank=True)
    is_public = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "quality_standard"
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="standard_once"),
            models.CheckConstraint(
                condition=~Q(assessor="third_party") | ~Q(assessor_name=""),
                name="standard_third_party_has_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    """What was found when a standard was assessed (评定记录). `is_met` is fixed with the target of then."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="measurements")
    day = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=2)
    target = models.DecimalField(max_digits=12, decimal_places=2)
    is_met = models.BooleanField()
    assessor_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="measurements"
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "quality_measurement"
        indexes = [models.Index(fields=["standard", "-day"], name="measurement_of_standard")]

    def __str__(self) -> str:
        return f"{self.standard_id} {self.day}: {self.value}"


class Principle(TimestampedModel):
    """A principle of service (服务理念), shown where everybody's day begins."""

    code = models.SlugField(max_length=40, unique=True)
    text = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "service_principle"

    def __str__(self) -> str:
        return self.text


class Evaluation(models.Model):
    """What somebody from outside thinks of a published document (业主评价). Says nothing of who it was."""

    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="evaluations")
    score = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "rule_evaluation"
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="evaluation_score_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.score}"


class EvaluationMark(models.Model):
    """Whether one public standard is kept, as the person from outside sees it (逐条评价)."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="marks")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="marks")
    is_kept = models.BooleanField()

    class Meta:
        db_table = "rule_evaluation_mark"
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "standard"], name="evaluation_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.standard_id}: {self.is_kept}"
