"""Knowledge: for now the quick phrases (快捷短语), among them the 20 polite ones (文明用语)."""

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
