"""Opening conversations: many at once, one is a list of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from shouwen.conversations.events import ConversationOpened
from shouwen.conversations.models import Conversation, Queue
from shouwen.core.bus import publish_all
from shouwen.core.numbering import next_numbers
from shouwen.customers.models import Customer

NUMBER_PREFIX = "HH"


@dataclass(frozen=True, kw_only=True)
class NewConversation:
    """A conversation to open; `more` are further fields of it."""

    customer: Customer
    queue: Queue
    channel: str
    more: dict[str, object] = field(default_factory=dict)


@transaction.atomic
def open_conversations(news: Sequence[NewConversation], *, at: datetime) -> list[Conversation]:
    """New conversations wait in their queues, numbered in the order given; one statement for all."""
    if not news:
        return []
    numbers = next_numbers(NUMBER_PREFIX, len(news), at=at)
    pairs = zip(news, numbers, strict=True)
    conversations = Conversation.objects.bulk_create(_row(new, number, at) for new, number in pairs)
    publish_all([_opened(conversation) for conversation in conversations])
    return conversations


def _row(new: NewConversation, number: str, at: datetime) -> Conversation:
    return Conversation(
        number=number,
        customer=new.customer,
        queue=new.queue,
        department_id=new.queue.department_id,
        channel=new.channel,
        language=new.queue.language,
        opened_at=at,
        queued_at=at,
        last_line_at=at,
        **new.more,
    )


def _opened(conversation: Conversation) -> ConversationOpened:
    return ConversationOpened(
        conversation_id=conversation.pk,
        queue_id=conversation.queue_id,
        department_id=conversation.department_id,
        channel=conversation.channel,
        customer_id=conversation.customer_id,
    )


def open_conversation(
    *,
    customer: Customer,
    queue: Queue,
    channel: str,
    at: datetime,
    **more: object,
) -> Conversation:
    """A new conversation waits in its queue. `more` are further fields of it."""
    new = NewConversation(customer=customer, queue=queue, channel=channel, more=more)
    return open_conversations([new], at=at)[0]
