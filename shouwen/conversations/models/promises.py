"""How soon an answer is promised, and how mail of a mailbox is received and answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class ReplyTime(TimestampedModel):
    """Working minutes within which a channel is answered (回复时限), for one queue or for all.

    The channel "chat" stands for messages left (留言): a chat under way has no such clock.
    """

    queue = models.ForeignKey(
        "conversations.Queue", on_delete=models.CASCADE, null=True, related_name="reply_times"
    )
    channel = models.CharField(max_length=10)
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "channel"], nulls_distinct=False, name="reply_time_once"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0), name="reply_time_is_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id or '*'} {self.channel} {self.minutes}"


class MailDesk(TimestampedModel):
    """How mail of one mailbox is received and answered (信箱受理): its queue and its letter frame.

    `opening` and `closing` stand around every answer (称呼, 结尾与落款). Placeholders such as
    {customer} are replaced, never evaluated.
    """

    mailbox = models.OneToOneField(
        "mailroom.Mailbox", on_delete=models.CASCADE, related_name="desk"
    )
    queue = models.ForeignKey(
        "conversations.Queue",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mail_desks",
        verbose_name=_("queue"),
    )
    has_frame = models.BooleanField(default=True)
    opening = models.TextField(max_length=500, blank=True)
    closing = models.TextField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"desk of {self.mailbox_id}"
