"""Lines: what was said, in order."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.search import SearchField


class Line(models.Model):
    """One utterance in a conversation (消息), and at once the ledger row of what arrived by chat.

    `seq` is its place on the screen, `rev` the number of its last change: whoever has seen all
    changes up to N asks for those after N and gets exactly what he missed.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "visitor", _("Customer")
        AGENT = "agent", _("Agent")
        NOTE = "note", _("Internal note")
        SYSTEM = "system", _("System")

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.PROTECT, related_name="lines"
    )
    seq = models.IntegerField()
    rev = models.IntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="lines"
    )
    author_name = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    # Made by whoever sends; the same id twice is the same line.
    client_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True)
    has_files = models.BooleanField(default=False)
    files = models.ManyToManyField("core.StoredFile", related_name="lines", blank=True)
    meta = models.JSONField(default=dict, blank=True)
    search = SearchField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="line_place"),
            models.UniqueConstraint(
                fields=["client_id"], condition=Q(client_id__isnull=False), name="line_once"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "rev"], name="line_changes"),
            models.Index(fields=["at"], name="line_at"),
            GinIndex(fields=["search"], name="line_search", fastupdate=True),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}#{self.seq}"


class LinePiece(models.Model):
    """A further piece of a very long line (长文分段), so that search finds its every word."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="pieces")
    search = SearchField()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="line_piece_search")]

    def __str__(self) -> str:
        return f"piece of {self.line_id}"
