"""The customer's own door to a case: the link to its page, and what he says there."""

from __future__ import annotations

from django.db import models

from shouwen.cases.models.case import Case


class StatusLink(models.Model):
    """The link by which a customer sees how his case goes on (进度链接), without an account.

    Whoever holds the link may read the page behind it. What opens it is signed and not kept here:
    this table alone opens nothing. Another `ref` ends the old link.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="status_link")
    ref = models.CharField(max_length=32, unique=True)
    mail = models.CharField(max_length=254, blank=True)  # where he wants to be told, as he gave it
    submission = models.UUIDField(null=True, unique=True)  # of the form: a double tap is one case
    consented_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "case_status_link"

    def __str__(self) -> str:
        return f"{self.case_id} {self.ref[:6]}"


class CustomerWord(models.Model):
    """What the customer wrote himself (客户补充): the form as he sent it, and words he added later."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="customer_words")
    key = models.UUIDField(unique=True)
    text = models.TextField(blank=True)
    is_first = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "case_customer_word"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(is_first=True), name="case_one_first_word"
            )
        ]
        indexes = [models.Index(fields=["case", "at"], name="case_customer_word_at")]

    def __str__(self) -> str:
        return self.text[:40]
