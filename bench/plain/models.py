"""The tables of the plain way."""

from django.db import models


class Talk(models.Model):
    """A conversation."""

    last_seq = models.IntegerField(default=0)
    last_text = models.CharField(max_length=120, blank=True)
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"talk {self.pk}"


class Message(models.Model):
    """A line of it."""

    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="messages")
    seq = models.IntegerField()
    client_id = models.UUIDField(unique=True)
    author = models.CharField(max_length=20)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["talk", "seq"], name="plain_place")]

    def __str__(self) -> str:
        return f"{self.talk_id}#{self.seq}"
