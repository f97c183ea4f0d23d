"""Knowledge: quick phrases (快捷短语), taboo phrases (服务忌语), approved answers (标准答复)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel

TEXT_LIMIT = 2000  # characters


class PhraseQuerySet(models.QuerySet["Phrase"]):
    """Filters that read as words."""

    def of_team(self) -> "PhraseQuerySet":
        """Those that everyone, or everyone of a department, may use."""
        return self.filter(owner__isnull=True)

    def of(self, owner_id: int) -> "PhraseQuerySet":
        """One person's own."""
        return self.filter(owner_id=owner_id)

    def polite(self) -> "PhraseQuerySet":
        """The 20 polite phrases (文明用语), in their order."""
        return self.filter(courtesy_number__isnull=False).order_by("courtesy_number")


class Phrase(TimestampedModel):
    """A text ready to be sent (快捷短语), a person's own or the team's.

    Its text may hold placeholders such as {customer}; they are replaced, never evaluated. Those
    with a `courtesy_number` are the polite phrases (文明用语), kept as the rule book words them.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="phrases",
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="phrases",
        verbose_name=_("department"),
    )
    folder = models.CharField(_("folder"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("text"), max_length=TEXT_LIMIT)
    shortcut = models.CharField(_("shortcut"), max_length=20, blank=True)
    files = models.ManyToManyField("core.StoredFile", related_name="+", blank=True)
    courtesy_number = models.PositiveSmallIntegerField(null=True, unique=True)
    use_count = models.PositiveIntegerField(default=0, db_default=0)
    last_used_at = models.DateTimeField(null=True)
    # What it is found by besides its words: initials and full pinyin, letters and digits only.
    title_initials = models.CharField(max_length=60, blank=True, editable=False)
    text_initials = models.CharField(max_length=60, blank=True, editable=False)
    pinyin = models.CharField(max_length=200, blank=True, editable=False)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        db_table = "phrase"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "department", "shortcut"],
                condition=~Q(shortcut=""),
                nulls_distinct=False,
                name="phrase_shortcut_once",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(department__isnull=True),
                name="phrase_personal_has_no_department",
            ),
            models.CheckConstraint(
                condition=Q(courtesy_number__isnull=True) | Q(owner__isnull=True),
                name="phrase_polite_is_of_team",
            ),
        ]
        indexes = [models.Index(fields=["owner", "folder"], name="phrase_owner_folder")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_personal(self) -> bool:
        """One person's own."""
        return self.owner_id is not None

    @property
    def is_polite(self) -> bool:
        """One of the 20 polite phrases."""
        return self.courtesy_number is not None

    @property
    def says_its_title(self) -> bool:
        """The text is no more than the title and its punctuation."""
        return self.text.rstrip("！？。，!?., ") == self.title.rstrip("！？。，!?., ")


class TabooQuerySet(models.QuerySet["Taboo"]):
    """Filters that read as words."""

    def in_use(self) -> "TabooQuerySet":
        """Those that are checked."""
        return self.filter(is_active=True)


class Taboo(TimestampedModel):
    """A phrase that no customer should read (服务忌语), for everybody or for one department and those below."""

    class Severity(models.TextChoices):
        BLOCK = "block", _("Never sent")
        WARN = "warn", _("Sent only with a reason")
        SUGGEST = "suggest", _("Better words are offered")

    text = models.CharField(_("phrase"), max_length=100)
    severity = models.CharField(
        _("what happens"), max_length=8, choices=Severity, default=Severity.WARN
    )
    replacement = models.CharField(_("say instead"), max_length=200, blank=True)
    is_whole = models.BooleanField(_("only as a whole clause"), default=False)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taboos",
        verbose_name=_("department"),
    )
    source = models.CharField(_("source"), max_length=100, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TabooQuerySet.as_manager()

    class Meta:
        db_table = "taboo"
        constraints = [
            models.UniqueConstraint(
                fields=["text", "department"], nulls_distinct=False, name="taboo_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Filters that read as words."""

    def approved(self, day: date) -> "AnswerQuerySet":
        """Those that may be given on this day: approved and not past their time."""
        is_valid = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        return self.filter(is_valid, state=Answer.State.APPROVED)


class Answer(TimestampedModel):
    """A short answer on a topic that somebody answers for (标准答复): written, proposed, approved, until a day.

    The beginning of articles. Only approved ones are offered, and in queues that demand it nothing else.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    topic = models.CharField(_("topic"), max_length=60, blank=True)
    title = models.CharField(_("question"), max_length=100)
    text = models.TextField(_("answer"), max_length=TEXT_LIMIT)
    source = models.CharField(_("source or evidence"), max_length=300, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    use_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    title_initials = models.CharField(max_length=100, blank=True, editable=False)
    text_initials = models.CharField(max_length=60, blank=True, editable=False)
    pinyin = models.CharField(max_length=400, blank=True, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        db_table = "answer"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="answer_approved_by_somebody",
            )
        ]
        indexes = [models.Index(fields=["state", "topic"], name="answer_state_topic")]

    def __str__(self) -> str:
        return self.title

    def is_offered(self, day: date) -> bool:
        """It may be given on this day."""
        is_past = self.valid_until is not None and self.valid_until < day
        return self.state == self.State.APPROVED and not is_past
