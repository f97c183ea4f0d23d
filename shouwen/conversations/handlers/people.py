"""What moves set off for people: routing, calls back, being told."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.events import PresenceChanged
from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import (
    CallBackOwed,
    ConversationClosed,
    ConversationEvent,
    ConversationOpened,
    ConversationQueued,
    ConversationReopened,
    ConversationTransferred,
    CustomerMarkedHarassing,
    LinesPosted,
)
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.routing import route_waiting
from shouwen.conversations.operations.tasks import owe_call_back
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.bus import When, handles, handles_together
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff


@handles_together(
    ConversationOpened,
    ConversationQueued,
    ConversationTransferred,
    ConversationClosed,
    ConversationReopened,
    when=When.AFTER_COMMIT,
)
def route_after_move(events: Sequence[ConversationEvent]) -> None:
    """Whoever waits gets whoever is free."""
    del events
    route_waiting(at=timezone.now())


@handles(PresenceChanged, when=When.AFTER_COMMIT)
def route_after_presence(event: PresenceChanged) -> None:
    """Somebody came: give him what waits."""
    del event
    route_waiting(at=timezone.now())


@handles(ConversationClosed, when=When.IN_TRANSACTION)
def owe_call_back_for_missed(event: ConversationClosed) -> None:
    """A customer who left unanswered is called back. (D154)"""
    if event.outcome not in {Conversation.Outcome.MISSED, Conversation.Outcome.CALL_BACK}:
        return
    conversation = Conversation.objects.select_related("handler", "queue__owner").get(
        pk=event.conversation_id
    )
    is_chat = conversation.channel == Conversation.Channel.CHAT
    owe_call_back(
        conversation,
        reason="abandoned" if is_chat else "missed",
        owner=conversation.handler or conversation.queue.owner,
        at=timezone.now(),
    )


MENTION = register_kind("conversations.mention", gettext_lazy("Somebody mentions me in a note"))
TRANSFER = register_kind("conversations.transfer", gettext_lazy("A conversation is handed over"))
HARASSMENT = register_kind(
    "conversations.harassment", gettext_lazy("A caller is marked as harassing")
)
CALL_BACK = register_kind("conversations.call_back", gettext_lazy("I owe a customer a call"))


def _tell(staff_ids: Iterable[int], message: Message) -> None:
    notify_staff(list(staff_ids), message=message, at=timezone.now(), by=system_staff())


def _mentions(event: LinesPosted) -> bool:
    return any(line.mentions for line in event.lines)


@handles(LinesPosted, when=When.AS_JOB, only=_mentions)
def tell_the_mentioned(event: LinesPosted) -> None:
    """Colleagues named in a note are told, if they may read the conversation."""
    for line in event.lines:
        if not line.mentions:
            continue
        row = Line.objects.defer("search").get(pk=line.line_id)
        words = _("%(name)s mentioned you: %(words)s")
        named = Staff.objects.filter(pk__in=line.mentions, is_active=True)
        readers = [
            one.pk
            for one in named
            if visible_conversations(one).filter(pk=row.conversation_id).exists()
        ]
        _tell(
            readers,
            Message(
                kind=MENTION.code,
                text=words % {"name": row.author_name, "words": row.text[:80]},
                url=f"/workspace/{row.conversation_id}",
                subject_kind="conversation",
                subject_id=row.conversation_id,
                key=f"mention:{row.pk}",
            ),
        )


@handles(ConversationTransferred, when=When.AS_JOB)
def tell_the_receiver(event: ConversationTransferred) -> None:
    """Who receives a conversation is told why; its first responder stays in the loop. (D437)"""
    conversation = Conversation.objects.get(pk=event.conversation_id)
    told = {event.to_staff_id, conversation.first_responder_id} - {event.by_id}
    words = _("%(number)s was handed over: %(reason)s")
    _tell(
        {one for one in told if one},
        Message(
            kind=TRANSFER.code,
            text=words % {"number": conversation.number, "reason": event.reason},
            url=f"/workspace/{conversation.pk}",
            subject_kind="conversation",
            subject_id=conversation.pk,
        ),
    )


@handles(CallBackOwed, when=When.AS_JOB)
def tell_who_owes_a_call(event: CallBackOwed) -> None:
    """Who owes the call is told. (D154)"""
    if event.owner_id is None:
        return
    conversation = Conversation.objects.get(pk=event.conversation_id)
    _tell(
        {event.owner_id},
        Message(
            kind=CALL_BACK.code,
            text=_("Please call back: %s") % conversation.number,
            url=f"/workspace/{conversation.pk}",
            subject_kind="conversation",
            subject_id=conversation.pk,
            key=f"call_back:{event.call_back_id}",
        ),
    )


@handles(CustomerMarkedHarassing, when=When.AS_JOB)
def warn_the_team(event: CustomerMarkedHarassing) -> None:
    """Everybody who serves customers learns of the caller and the rule. (D540)"""
    served = Staff.objects.filter(is_active=True, is_system=False, queues__isnull=False).distinct()
    words = _("A caller is marked as harassing: %(reason)s. How to handle: %(handling)s")
    _tell(
        served.exclude(pk=event.by_id or 0).values_list("pk", flat=True),
        Message(
            kind=HARASSMENT.code,
            text=words
            % {"reason": event.reason, "handling": event.handling or _("stay polite and short")},
            url="/workspace/harassment/",
            subject_kind="customer",
            subject_id=event.customer_id,
        ),
    )
