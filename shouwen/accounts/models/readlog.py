"""Who looked at whose hidden data (查看记录)."""

from django.db import models

from shouwen.accounts.models.staff import Staff


class ReadLog(models.Model):
    """Somebody revealed or exported personal data, and why (查看记录). Never changed."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="reads")
    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=100, blank=True)
    what = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "read_log"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="read_log_subject"),
            models.Index(fields=["-at", "-id"], name="read_log_time"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.subject_kind}:{self.subject_id} {self.what}"
