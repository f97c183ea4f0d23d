"""Job descriptions (岗位说明书), their review, and what reaches a post from service."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models.department import Department
from shouwen.accounts.models.role import Role
from shouwen.accounts.models.staff import Staff
from shouwen.core.models import TimestampedModel


class PostProfile(TimestampedModel):
    """A job description (岗位说明书): draft, reviewed by somebody of the trade, then published."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")

    class Level(models.TextChoices):
        JUNIOR = "junior", _("Junior")
        INTERMEDIATE = "intermediate", _("Intermediate")
        SENIOR = "senior", _("Senior")

    class Receives(models.TextChoices):
        FEEDBACK = "feedback", _("Feedback from service")
        BUGS = "bugs", _("Bugs")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("post"), max_length=60)
    role = models.ForeignKey(
        Role,
        verbose_name=_("role"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.INTERMEDIATE)
    reports_to = models.CharField(_("reports to"), max_length=60, blank=True)
    overview = models.TextField(_("overview"), blank=True)
    duties = models.TextField(_("duties"), blank=True, help_text=_("One duty a line."))
    experience = models.TextField(_("experience and certificates"), blank=True)
    hours = models.TextField(_("working hours"), blank=True)
    place = models.CharField(_("place of work"), max_length=120, blank=True)
    environment = models.TextField(_("work environment"), blank=True)
    overtime = models.TextField(_("overtime"), blank=True)
    benefits = models.TextField(_("pay and benefits"), blank=True)
    development = models.TextField(_("development"), blank=True)
    emergency = models.TextField(_("emergency measures"), blank=True)
    holiday_duty = models.TextField(_("holiday duty"), blank=True)
    reply_limits = models.TextField(_("reply time limits"), blank=True)
    soft_skills = models.TextField(_("soft skills"), blank=True)
    daily_log = models.TextField(_("daily log"), blank=True)
    training = models.TextField(_("training"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    contact = models.CharField(
        _("contact for questions"), max_length=120, blank=True, default="人力资源部门"
    )
    receives = ArrayField(
        models.CharField(max_length=10, choices=Receives), default=list, blank=True
    )
    is_example = models.BooleanField(_("example: adapt to the real situation"), default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "post_profile"

    def __str__(self) -> str:
        return self.name

    @property
    def duty_lines(self) -> list[str]:
        """The duties, one each."""
        return [line.strip() for line in self.duties.splitlines() if line.strip()]

    @property
    def receives_labels(self) -> list[str]:
        """What reaches this post from service, in words."""
        return [str(PostProfile.Receives(one).label) for one in self.receives]


class PostSkill(models.Model):
    """A skill a post asks for, and how well (技能要求): never just "familiar"."""

    class Level(models.TextChoices):
        BASIC = "basic", _("basic: does it under guidance")
        SKILLED = "skilled", _("skilled: does it alone")
        EXPERT = "expert", _("expert: teaches it")

    profile = models.ForeignKey(PostProfile, on_delete=models.CASCADE, related_name="skills")
    name = models.CharField(_("skill"), max_length=120)
    level = models.CharField(_("how well"), max_length=8, choices=Level)

    class Meta:
        db_table = "post_skill"
        constraints = [models.UniqueConstraint(fields=["profile", "name"], name="post_skill_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.level})"


class PostReview(models.Model):
    """What a colleague who knows the trade says of a job description (评审意见)."""

    profile = models.ForeignKey(PostProfile, on_delete=models.CASCADE, related_name="reviews")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    experience = models.CharField(_("your experience in this trade"), max_length=200)
    comment = models.TextField(_("comment"))
    is_approval = models.BooleanField(default=False)

    class Meta:
        db_table = "post_review"

    def __str__(self) -> str:
        return f"{self.profile_id} {self.at:%Y-%m-%d}"


class PostMessage(models.Model):
    """Something service sent to a post (岗位收件): feedback for a product, a bug for an engineer."""

    profile = models.ForeignKey(PostProfile, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=PostProfile.Receives)
    text = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "post_message"
        indexes = [models.Index(fields=["profile", "-at"], name="post_message_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
