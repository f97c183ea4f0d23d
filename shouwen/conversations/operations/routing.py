"""Routing: no idle agent stands beside a waiting visitor.

Run on every event that may matter and by a timer; always under one lock, so that two processes
never give one agent more than his limit or one visitor to two agents.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Count, F, Q, When, Window
from django.db.models.functions import RowNumber

from shouwen.accounts.models import PresenceState, Staff
from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import ConversationClaimed, ConversationQueued
from shouwen.conversations.models import Conversation, Queue
from shouwen.conversations.operations.serving import (
    announce,
    become_message,
    give_to,
    lock,
    put_in_queue,
    take_routing_lock,
)
from shouwen.conversations.queries.load import (
    Candidate,
    candidates,
    known_agents,
    somebody_is_there,
)
from shouwen.conversations.workflow import AWAY_SECONDS
from shouwen.deadlines.queries import is_open_now

BATCH = 50


@transaction.atomic
def route_waiting(*, at: datetime) -> int:
    """Every waiting conversation that somebody can take is given away; how many were.

    First come, first served within each queue; the agent who knows the customer first, then the
    least loaded under his reception limit, then whoever has waited longest for work.
    """
    if not somebody_is_there() or not Conversation.objects.queued().exists():
        return 0
    take_routing_lock()
    waiting = list(
        Conversation.objects.filter(pk__in=_next_in_line(), state=Conversation.State.QUEUED)
        .select_related("queue", "customer")
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .order_by("queued_at", "pk")
    )
    free = candidates({one.queue for one in waiting})
    known = known_agents((one.customer_id for one in waiting), at=at)
    given = 0
    for conversation in waiting:
        choice = _choose(conversation, free[conversation.queue_id], known)
        if choice:
            _give(conversation, choice, at=at)
            given += 1
    return given


def _next_in_line() -> list[int]:
    """The first of each queue, chats and slow channels and languages apart.

    So nobody waits behind those whom none of the people there can take.
    """
    kind = Case(When(channel=Conversation.Channel.CHAT, then=1), default=0)
    place = Window(
        RowNumber(),
        partition_by=[F("queue"), F("language"), kind],
        order_by=["queued_at", "pk"],
    )
    queued = Conversation.objects.queued().filter(queue__is_active=True)
    rows = queued.annotate(place=place).filter(place__lte=BATCH)
    return list(rows.values_list("pk", flat=True))


def _choose(
    conversation: Conversation, free: list[Candidate], known: dict[int, int]
) -> Candidate | None:
    is_chat = conversation.channel == Conversation.Channel.CHAT
    fit = [
        one
        for one in free
        if one.has_room(is_chat=is_chat) and _speaks(one.staff, conversation.language)
    ]
    if not fit:
        return None
    before = known.get(conversation.customer_id)
    for one in fit:
        if one.staff.pk in {before, conversation.first_responder_id}:
            return one
    return min(fit, key=lambda one: one.rank(is_chat=is_chat))


def _speaks(staff: Staff, language: str) -> bool:
    """A conversation in a foreign language goes to those who have it; Chinese to everybody. (D141)"""
    return not language or language == "zh" or language in staff.languages


def _give(conversation: Conversation, choice: Candidate, *, at: datetime) -> None:
    give_to(conversation, choice.staff, how="routed", at=at)
    if conversation.channel == Conversation.Channel.CHAT:
        choice.chats += 1
    else:
        choice.slow += 1
    choice.last_claim_at = at
    announce(
        ConversationClaimed,
        conversation,
        staff_id=choice.staff.pk,
        how="routed",
        by_id=system_staff().pk,
    )


def message_owner(queue: Queue) -> Staff | None:
    """Who answers for messages left with a queue: its owner, else the member with the fewest open."""
    if queue.owner and queue.owner.is_active:
        return queue.owner
    is_theirs = Q(handled_conversations__state=Conversation.State.MESSAGE)
    return (
        queue.members.filter(is_active=True)
        .annotate(messages=Count("handled_conversations", filter=is_theirs))
        .order_by("messages", "pk")
        .first()
    )


@transaction.atomic
def settle_new_chat(conversation_id: int, *, at: datetime) -> None:
    """Decide at once what a new chat is: waiting, or a message because the desk is closed or full."""
    conversation = lock(conversation_id)
    if conversation.state != Conversation.State.QUEUED:
        return
    if reason := _why_message(conversation.queue, at=at):
        owner = message_owner(conversation.queue)
        become_message(conversation, owner, reason=reason, by=system_staff(), at=at)


def _why_message(queue: Queue, *, at: datetime) -> str:
    if queue.calendar and not is_open_now(queue.calendar, at):
        return "closed"
    waiting = Conversation.objects.queued().chats().filter(queue=queue).count()
    if waiting > queue.waiting_limit:
        return "full"
    return ""


@transaction.atomic
def settle_long_waits(*, at: datetime) -> int:
    """Chats that waited longer than their queue allows become messages; how many did."""
    settled = 0
    for queue in Queue.objects.filter(is_active=True).select_related("owner", "calendar"):
        border = at - timedelta(seconds=queue.wait_limit_seconds)
        late = (
            Conversation.objects.queued()
            .chats()
            .filter(queue=queue, queued_at__lt=border)
            .select_for_update(no_key=True, of=("self",), skip_locked=True)
            .order_by("queued_at")[:BATCH]
        )
        for conversation in late:
            owner = message_owner(queue)
            become_message(conversation, owner, reason="waited", by=system_staff(), at=at)
            settled += 1
    return settled


@transaction.atomic
def return_from_the_absent(*, at: datetime) -> int:
    """Chats whose agent went away while the customer waits return to the queue; how many did."""
    border = at - timedelta(seconds=AWAY_SECONDS)
    stranded = (
        Conversation.objects.open()
        .chats()
        .filter(
            waiting_since__lt=border,
            handler__presence__state=PresenceState.OFFLINE,
            handler__presence__since__lt=border,
        )
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .order_by("pk")[:BATCH]
    )
    returned = 0
    for conversation in stranded:
        before = conversation.handler_id
        put_in_queue(conversation, at=at)
        announce(
            ConversationQueued,
            conversation,
            from_staff_id=before,
            reason="absent",
            by_id=system_staff().pk,
        )
        returned += 1
    return returned
