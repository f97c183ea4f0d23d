"""Conversations: one matter talked over with one customer on one channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Filters that read as words."""

    def live(self) -> ConversationQuerySet:
        return self.exclude(state=Conversation.State.CLOSED)

    def queued(self) -> ConversationQuerySet:
        return self.filter(state=Conversation.State.QUEUED)

    def open(self) -> ConversationQuerySet:
        return self.filter(state=Conversation.State.OPEN)

    def unanswered(self) -> ConversationQuerySet:
        return self.live().filter(waiting_since__isnull=False)

    def chats(self) -> ConversationQuerySet:
        return self.filter(channel=Conversation.Channel.CHAT)

    def slow(self, at: datetime) -> ConversationQuerySet:
        """Those whose customer waits longer than their queue allows, or than was promised."""
        waited = models.ExpressionWrapper(
            models.Value(at) - models.F("waiting_since"), output_field=models.DurationField()
        )
        limit = models.ExpressionWrapper(
            models.F("queue__slow_after_seconds") * timedelta(seconds=1),
            output_field=models.DurationField(),
        )
        is_slow = Q(reply_due_at__isnull=True, waited__gt=models.F("limit"))
        is_overdue = Q(reply_due_at__lte=at)
        return self.unanswered().annotate(waited=waited, limit=limit).filter(is_slow | is_overdue)


class Conversation(TimestampedModel):
    """A talk with a customer (会话), whatever the channel, from the first word to the summary.

    Its state changes only through operations, along workflow.py. The first responder is written
    once; the database refuses to change it (首问负责制).
    """

    class Channel(models.TextChoices):
        CHAT = "chat", _("Web chat")
        MAIL = "mail", _("E-mail")
        PHONE = "phone", _("Phone")
        WALK_IN = "walk_in", _("Walk-in")
        LETTER = "letter", _("Letter")
        SMS = "sms", _("SMS")
        PLATFORM = "platform", _("Platform message")
        WEB_POST = "web_post", _("Post on the web")

    class State(models.TextChoices):
        QUEUED = "queued", _("In the queue")
        OPEN = "open", _("Being served")
        MESSAGE = "message", _("Left a message")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        NONE = "", _("Not yet")
        ANSWERED = "answered", _("Answered")
        CALL_BACK = "call_back", _("Call back")
        MISSED = "missed", _("Missed")

    class Direction(models.TextChoices):
        INBOUND = "in", _("Inbound")
        OUTBOUND = "out", _("Outbound")

    number = models.CharField(max_length=24, unique=True)
    # What this contact carries on: a call that answers a mail.
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="continued_by"
    )
    receipt_number = models.CharField(max_length=24, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.INBOUND)
    subject = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="conversations"
    )
    visitor = models.ForeignKey(
        "conversations.Visitor", on_delete=models.PROTECT, null=True, related_name="conversations"
    )
    mailbox = models.ForeignKey(
        "mailroom.Mailbox", on_delete=models.PROTECT, null=True, related_name="conversations"
    )
    queue = models.ForeignKey(
        "conversations.Queue", on_delete=models.PROTECT, related_name="conversations"
    )
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="conversations"
    )
    first_responder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="first_conversations",
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="handled_conversations",
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.NONE, blank=True)
    is_harassing = models.BooleanField(default=False)
    has_unsolved_points = models.BooleanField(default=False)

    opened_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Since when the customer waits for an answer; empty when the last word is ours.
    waiting_since = models.DateTimeField(null=True)
    # When the running promise of an answer falls due; empty when none runs. Kept by the clocks.
    reply_due_at = models.DateTimeField(null=True)
    queue_seconds = models.PositiveIntegerField(null=True)

    last_seq = models.IntegerField(default=0)
    last_rev = models.IntegerField(default=0)
    last_line_at = models.DateTimeField()
    last_line_text = models.CharField(max_length=120, blank=True)
    customer_read_seq = models.IntegerField(default=0)
    staff_read_seq = models.IntegerField(default=0)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="conversation_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(handler__isnull=False),
                name="conversation_open_has_handler",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | Q(first_responder__isnull=False),
                name="conversation_handler_has_first",
            ),
            # Two lines sent at once must not open two conversations.
            models.UniqueConstraint(
                fields=["visitor"],
                condition=~Q(state="closed"),
                name="conversation_one_per_visitor",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "queued_at"],
                condition=Q(state="queued"),
                name="conversation_queued",
            ),
            models.Index(
                fields=["handler", "state", "-last_line_at"],
                condition=~Q(state="closed"),
                name="conversation_of_handler",
            ),
            models.Index(
                fields=["waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="conversation_waiting",
            ),
            models.Index(
                fields=["reply_due_at", "id"],
                condition=Q(reply_due_at__isnull=False),
                name="conversation_reply_due",
            ),
            models.Index(fields=["-last_line_at", "-id"], name="conversation_recent"),
            models.Index(
                fields=["department", "-last_line_at", "-id"], name="conversation_in_dept"
            ),
            models.Index(
                fields=["handler", "-last_line_at", "-id"], name="conversation_by_handler"
            ),
            models.Index(fields=["queue", "-last_line_at", "-id"], name="conversation_by_queue"),
            models.Index(fields=["customer", "-opened_at"], name="conversation_of_customer"),
            models.Index(fields=["channel", "opened_at"], name="conversation_channel_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def unread_count(self) -> int:
        """Lines that came after the last one staff have read."""
        return max(0, self.last_seq - self.staff_read_seq)
