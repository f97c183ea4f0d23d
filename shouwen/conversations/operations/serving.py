"""Who has a conversation: claim, transfer, take over, give back, close, reopen."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations import workflow
from shouwen.conversations.events import (
    ConversationBecameMessage,
    ConversationClaimed,
    ConversationClosed,
    ConversationEvent,
    ConversationJoined,
    ConversationQueued,
    ConversationReopened,
    ConversationTransferred,
)
from shouwen.conversations.models import Conversation, Queue
from shouwen.conversations.operations.lines import add_system_line
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.load import chats_served
from shouwen.conversations.refusals import (
    AlreadyClaimed,
    ConversationIsClosed,
    NotTheHandler,
    ReceptionLimitReached,
)
from shouwen.core.bus import publish
from shouwen.core.errors import Refused

State = Conversation.State
# Whoever counts what somebody serves and then gives him more holds this lock. Rows come first.
ROUTING_LOCK = 7_041_993
SERVING_FIELDS = [
    "handler",
    "first_responder",
    "state",
    "outcome",
    "queue",
    "department",
    "queued_at",
    "claimed_at",
    "closed_at",
    "queue_seconds",
    "waiting_since",
    "updated_at",
]


def move(conversation: Conversation, to: str) -> None:
    """The locked conversation is in another state; a move that workflow.py does not know is a mistake."""
    if not workflow.may_move(conversation.state, to):
        raise ConversationIsClosed(conversation.number)
    conversation.state = to


def lock(conversation_id: int) -> Conversation:
    """The conversation, locked until the end of the transaction."""
    return Conversation.objects.select_for_update(no_key=True, of=("self",)).get(pk=conversation_id)


def lock_all(ids: Collection[int]) -> dict[int, Conversation]:
    """Those of these conversations that exist, locked in one order until the end of the transaction."""
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    return {row.pk: row for row in rows.order_by("pk")} if ids else {}


def place(conversation: Conversation) -> dict[str, int]:
    """The fields that every event of a conversation carries."""
    return {
        "conversation_id": conversation.pk,
        "queue_id": conversation.queue_id,
        "department_id": conversation.department_id,
    }


def announce(event_type: type[ConversationEvent], conversation: Conversation, **facts: Any) -> None:
    """Publish a fact about this conversation."""
    publish(event_type(**place(conversation), **facts))


def give_to(conversation: Conversation, staff: Staff, *, how: str, at: datetime) -> None:
    """The locked conversation is served by `staff`; the first who takes it is written down for good."""
    if conversation.queue_seconds is None and conversation.state == State.QUEUED:
        conversation.queue_seconds = max(0, int((at - conversation.queued_at).total_seconds()))
    conversation.handler = staff
    conversation.first_responder = conversation.first_responder or staff
    move(conversation, State.OPEN)
    conversation.claimed_at = at
    conversation.save(update_fields=SERVING_FIELDS)
    add_system_line(
        conversation,
        _("%s is now looking after this.") % staff.public_name,
        code=f"claimed:{how}",
        at=at,
    )


@transaction.atomic
def claim_conversation(conversation_id: int, *, by: Staff, at: datetime) -> Conversation:
    """Take a waiting conversation: of many who try at once, exactly one gets it. (V2.3.4, D437)

    Refuses one that somebody has, a closed one, and more chats than the person's limit.
    """
    require(by, ConversationPermission.SERVE)
    conversation = lock(conversation_id)
    if conversation.is_closed:
        raise ConversationIsClosed(conversation.number)
    if conversation.handler_id == by.pk and conversation.state == State.OPEN:
        return conversation
    if conversation.state == State.OPEN and conversation.handler:
        raise AlreadyClaimed(conversation.handler.public_name)
    if conversation.channel == Conversation.Channel.CHAT:
        _check_limit(by)
    give_to(conversation, by, how="claimed", at=at)
    announce(ConversationClaimed, conversation, staff_id=by.pk, how="claimed", by_id=by.pk)
    return conversation


def take_routing_lock() -> None:
    """Until the end of the transaction nobody else gives conversations to people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROUTING_LOCK])


def _check_limit(staff: Staff) -> None:
    take_routing_lock()
    if chats_served(staff) >= staff.reception_limit:
        raise ReceptionLimitReached(staff.reception_limit)


@transaction.atomic
def take_over_conversation(
    conversation_id: int, *, reason: str, by: Staff, at: datetime
) -> Conversation:
    """A supervisor takes a conversation from its handler (接管), with a reason."""
    require(by, ConversationPermission.SUPERVISE)
    conversation = lock(conversation_id)
    if conversation.is_closed:
        raise ConversationIsClosed(conversation.number)
    if conversation.handler_id == by.pk:
        return conversation
    before = conversation.handler_id
    give_to(conversation, by, how="taken_over", at=at)
    announce(
        ConversationClaimed,
        conversation,
        staff_id=by.pk,
        how="taken_over",
        from_staff_id=before,
        reason=_reason(reason),
        by_id=by.pk,
    )
    return conversation


@transaction.atomic
def join_conversation(conversation_id: int, *, by: Staff) -> None:
    """A supervisor looks in or joins; recorded, so that nobody listens unseen. (强插)"""
    require(by, ConversationPermission.SUPERVISE)
    conversation = lock(conversation_id)
    announce(ConversationJoined, conversation, staff_id=by.pk, by_id=by.pk)


def _reason(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Refused(_("Please give a reason."))
    return words[:300]


def _may_hand_over(conversation: Conversation, by: Staff) -> None:
    if conversation.is_closed:
        raise ConversationIsClosed(conversation.number)
    if conversation.handler_id != by.pk and not by.may(ConversationPermission.SUPERVISE):
        raise NotTheHandler


@transaction.atomic
def transfer_to_staff(
    conversation_id: int, *, to: Staff, reason: str, by: Staff, at: datetime
) -> Conversation:
    """Hand it to a colleague, with a reason; the first responder keeps his name on it. (D270, D437)"""
    require(by, ConversationPermission.SERVE)
    conversation = lock(conversation_id)
    _may_hand_over(conversation, by)
    if not to.is_active or not to.may(ConversationPermission.SERVE):
        raise Refused(_("%s cannot serve customers.") % to.public_name)
    if to.pk == conversation.handler_id:
        raise Refused(_("%s has this conversation already.") % to.public_name)
    words, before = _reason(reason), conversation.handler_id
    give_to(conversation, to, how="transferred", at=at)
    announce(
        ConversationTransferred,
        conversation,
        from_staff_id=before,
        to_staff_id=to.pk,
        reason=words,
        by_id=by.pk,
    )
    return conversation


@transaction.atomic
def transfer_to_queue(
    conversation_id: int, *, queue: Queue, reason: str, by: Staff, at: datetime
) -> Conversation:
    """Hand it to a group, with a reason: it waits there, and the next free member gets it."""
    require(by, ConversationPermission.SERVE)
    conversation = lock(conversation_id)
    _may_hand_over(conversation, by)
    words, before = _reason(reason), conversation.handler_id
    conversation.queue = queue
    conversation.department_id = queue.department_id
    put_in_queue(conversation, at=at)
    add_system_line(conversation, _("Transferred to %s.") % queue.name, code="transferred", at=at)
    announce(
        ConversationTransferred,
        conversation,
        from_staff_id=before,
        to_staff_id=None,
        reason=words,
        by_id=by.pk,
    )
    return conversation


def put_in_queue(conversation: Conversation, *, at: datetime) -> None:
    """The locked conversation waits for somebody."""
    conversation.handler = None
    move(conversation, State.QUEUED)
    conversation.queued_at = at
    conversation.save(update_fields=SERVING_FIELDS)


@transaction.atomic
def return_to_queue(conversation_id: int, *, reason: str, by: Staff, at: datetime) -> Conversation:
    """Give it back because its handler cannot serve it (away, signed out); it waits again."""
    conversation = lock(conversation_id)
    _may_hand_over(conversation, by)
    before = conversation.handler_id
    put_in_queue(conversation, at=at)
    announce(
        ConversationQueued,
        conversation,
        from_staff_id=before,
        reason=_reason(reason),
        by_id=by.pk,
    )
    return conversation


def become_message(
    conversation: Conversation, owner: Staff | None, *, reason: str, by: Staff, at: datetime
) -> None:
    """The locked conversation is a message with an owner, since nobody can serve it now. (留言)"""
    conversation.handler = owner
    if owner:
        conversation.first_responder = conversation.first_responder or owner
    move(conversation, State.MESSAGE)
    conversation.save(update_fields=SERVING_FIELDS)
    add_system_line(
        conversation,
        _("Nobody is free right now. Please leave a message and how to reach you; we will answer."),
        code="message",
        at=at,
    )
    announce(
        ConversationBecameMessage,
        conversation,
        owner_id=owner.pk if owner else None,
        reason=reason,
        by_id=by.pk,
    )


@transaction.atomic
def close_conversation(
    conversation_id: int, *, by: Staff, at: datetime, by_customer: bool = False
) -> Conversation:
    """It has ended. One that nobody answered is missed, and its customer is called back. (D154)

    Staff must have it or supervise; the customer may always leave (`by` is then the system).
    """
    conversation = lock(conversation_id)
    if conversation.is_closed:
        return conversation
    if not by_customer:
        _may_hand_over(conversation, by)
    if conversation.outcome == Conversation.Outcome.NONE:
        was_answered = conversation.first_answered_at is not None
        outcome = Conversation.Outcome
        conversation.outcome = outcome.ANSWERED if was_answered else outcome.MISSED
    move(conversation, State.CLOSED)
    conversation.closed_at = at
    conversation.waiting_since = None
    conversation.save(update_fields=SERVING_FIELDS)
    words = _("The customer has left.") if by_customer else _("This conversation has ended.")
    add_system_line(conversation, words, code="closed", at=at)
    announce(
        ConversationClosed,
        conversation,
        outcome=conversation.outcome,
        customer_id=conversation.customer_id,
        handler_id=conversation.handler_id,
        by_id=by.pk,
    )
    return conversation


def reopen(conversation: Conversation, *, by: Staff, at: datetime) -> None:
    """The locked, closed conversation lives again: with its last handler if he still serves."""
    handler = conversation.handler
    conversation.closed_at = None
    if handler and handler.is_active:
        move(conversation, State.OPEN)
        conversation.claimed_at = at
    else:
        move(conversation, State.QUEUED)
        conversation.handler = None
    conversation.queued_at = at
    conversation.save(update_fields=SERVING_FIELDS)
    announce(
        ConversationReopened,
        conversation,
        handler_id=conversation.handler_id,
        by_id=by.pk,
    )
