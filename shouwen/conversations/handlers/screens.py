"""Live screens: who is nudged when something about a conversation changes."""

from collections.abc import Sequence

from shouwen.conversations.events import (
    AnsweredByPhone,
    CallBackDone,
    CallBackOwed,
    ConversationBecameMessage,
    ConversationClaimed,
    ConversationClosed,
    ConversationEvent,
    ConversationOpened,
    ConversationQueued,
    ConversationReopened,
    ConversationTransferred,
    LineRecalled,
    LinesPosted,
    LinesRead,
    PointSolved,
    Typing,
    WrapUpFinished,
)
from shouwen.conversations.models import Conversation
from shouwen.core.bus import When, handles, handles_together
from shouwen.core.live import Nudge, nudge_all

MOVES = (
    ConversationOpened,
    ConversationClaimed,
    ConversationQueued,
    ConversationBecameMessage,
    ConversationTransferred,
    ConversationClosed,
    ConversationReopened,
)
TOUCHES = (AnsweredByPhone, LineRecalled, WrapUpFinished, PointSolved, CallBackOwed, CallBackDone)


@handles_together(*MOVES, when=When.AFTER_COMMIT)
def show_moves(events: Sequence[ConversationEvent]) -> None:
    """Everybody who may see the conversations or waits in their queues sees where they stand."""
    nudges = [one for event in events for one in _nudges_of_move(event)]
    nudge_all(nudges + _nudges_of_visitors(events))


def _nudges_of_visitors(events: Sequence[ConversationEvent]) -> list[Nudge]:
    chat = Conversation.Channel.CHAT
    opened = [
        one.conversation_id
        for one in events
        if isinstance(one, ConversationOpened) and one.channel == chat
    ]
    if not opened:
        return []
    chats = Conversation.objects.filter(pk__in=opened, visitor__isnull=False)
    pairs = chats.values_list("pk", "visitor_id")
    return [Nudge(f"visitor:{visitor_id}", "opened", pk) for pk, visitor_id in pairs]


def _nudges_of_move(event: ConversationEvent) -> list[Nudge]:
    pk = event.conversation_id
    people = {getattr(event, name, None) for name in ("staff_id", "from_staff_id", "to_staff_id")}
    people |= {getattr(event, "handler_id", None), getattr(event, "owner_id", None)}
    return [
        Nudge(f"conversation:{pk}", "changed", pk),
        Nudge(f"department:{event.department_id}", "conversation", pk),
        Nudge(f"board:queue:{event.queue_id}", "moved", pk),
        *(Nudge(f"staff:{staff}", "conversation", pk) for staff in people if staff),
    ]


@handles(*TOUCHES, when=When.AFTER_COMMIT)
def show_touch(event: ConversationEvent) -> None:
    """The conversation and the lists it stands on show what changed."""
    pk = event.conversation_id
    nudge_all(
        [
            Nudge(f"conversation:{pk}", "changed", pk),
            Nudge(f"department:{event.department_id}", "conversation", pk),
        ]
    )


@handles(LinesPosted, when=When.AFTER_COMMIT)
def show_lines(event: LinesPosted) -> None:
    """The lines appear on both sides; lists show the newest words."""
    last = {line.conversation_id: line for line in event.lines}
    nudges = [Nudge(f"conversation:{pk}", "lines", line.rev) for pk, line in last.items()]
    for pk, line in last.items():
        whose = (
            f"staff:{line.handler_id}" if line.handler_id else f"department:{line.department_id}"
        )
        nudges.append(Nudge(whose, "lines", pk))
    nudge_all(nudges)


@handles(LinesRead, when=When.AFTER_COMMIT)
def show_read(event: LinesRead) -> None:
    """The other side sees how far was read."""
    pk = event.conversation_id
    nudges = [Nudge(f"conversation:{pk}", "read", pk)]
    if event.by_id:
        nudges.append(Nudge(f"staff:{event.by_id}", "lines", pk))
    nudge_all(nudges)


@handles(Typing, when=When.AFTER_COMMIT)
def show_typing(event: Typing) -> None:
    """The other side sees that somebody types."""
    nudge_all([Nudge(f"conversation:{event.conversation_id}", "typing", event.by_id or 0)])
