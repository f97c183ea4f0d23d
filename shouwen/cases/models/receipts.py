"""The book of letters received."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models.case import Case


class ReceivedLetter(models.Model):
    """An entry of the book of letters received (收文登记): from the letter to the leader who read it. (D679)"""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="receipt")
    number = models.CharField(max_length=24, unique=True)
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Nobody holds such a post yet: empty, and shown as that.
    reported_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reported to"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    read_at = models.DateTimeField(null=True)
    instruction = models.CharField(max_length=500, blank=True)  # what the leader wrote on it (批示)

    class Meta:
        db_table = "case_received_letter"
        indexes = [models.Index(fields=["-received_at", "-id"], name="case_receipt_recent")]

    def __str__(self) -> str:
        return self.number
