"""What the tests of mail in and mail out read alike."""

import email
import email.policy
from email.message import EmailMessage

from shouwen.conversations.models import Conversation
from shouwen.core.files import read_raw
from shouwen.mailroom.models import Outbound


def the_conversation() -> Conversation:
    return Conversation.objects.get()


def words(conversation) -> list[str]:
    lines = conversation.lines.filter(kind__in=["visitor", "agent"]).order_by("seq")
    return list(lines.values_list("text", flat=True))


def sent() -> Outbound:
    return Outbound.objects.order_by("pk").last()


def as_mail(outbound: Outbound) -> EmailMessage:
    return email.message_from_bytes(read_raw(outbound.raw_key), policy=email.policy.default)
