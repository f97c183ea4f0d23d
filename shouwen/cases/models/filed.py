"""What is filed for good: reply letters, volumes of the archive, proof that the standard asks for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models.case import Case
from shouwen.cases.models.records import Answer, CasePaper
from shouwen.core.files import file_url


class CaseLetter(models.Model):
    """A version of the letter that answers a case (回函). The database refuses to change it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="letters")
    paper = models.OneToOneField(CasePaper, on_delete=models.PROTECT, related_name="letter")
    version = models.PositiveSmallIntegerField()
    salutation = models.CharField(max_length=80)
    text = models.TextField()
    signature = models.CharField(max_length=200)
    dated_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_letter"
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="case_letter_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"


class CaseVolume(models.Model):
    """A case as it was archived (案卷): the sheet and the list of its papers. Never changed.

    A case that is reopened and archived again has a second volume; the first stays as it was.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="volumes")
    number = models.PositiveSmallIntegerField()
    sheet = models.JSONField()
    contents = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_volume"
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_volume_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} volume {self.number}"


class StandardRecord(models.Model):
    """Proof for a row of GB/T 19012 that lies with the company, not with a case (标准证据)."""

    row = models.PositiveSmallIntegerField()
    text = models.CharField(_("what it is"), max_length=300)
    happened_on = models.DateField(_("day"))
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_standard_record"
        indexes = [models.Index(fields=["row", "-happened_on"], name="standard_record_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.text}"

    @property
    def url(self) -> str:
        """An address that opens its file for a day; empty without one."""
        return file_url(self.file) if self.file else ""
