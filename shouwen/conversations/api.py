"""Conversations over the API: the same queries and operations as in the workspace."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import asks_for
from shouwen.accounts.queries import visible_staff
from shouwen.conversations import schemas
from shouwen.conversations.models import Conversation, Queue
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.lines import post_line
from shouwen.conversations.operations.serving import (
    claim_conversation,
    return_to_queue,
    transfer_to_queue,
    transfer_to_staff,
)
from shouwen.conversations.operations.talk import new_staff_line
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import visible_conversations, with_names
from shouwen.conversations.queries.lines import changes_of, lines_json
from shouwen.conversations.queries.visitors import default_queue
from shouwen.core.paging import keyset_page
from shouwen.customers.queries.shown import shown_name

router = Router()
PAGE_MOST = 200
# A place among the changes of a conversation; the column holds no larger one.
Cursor = Annotated[int, Field(ge=0, le=2**31 - 1)]


@router.get(
    "", response=schemas.ConversationsOut, openapi_extra=asks_for(ConversationPermission.SERVE)
)
def list_conversations(
    request: StaffRequest,
    state: str = "",
    channel: str = "",
    customer_id: int = 0,
    after: str = "",
    size: int = 50,
) -> schemas.ConversationsOut:
    """Conversations the key's person may see, newest first. At most 200 a page."""
    wanted = {"state": state, "channel": channel, "customer_id": customer_id}
    found = visible_conversations(request.user).filter(
        **{name: value for name, value in wanted.items() if value}
    )
    page = keyset_page(with_names(found), after=after, size=min(max(size, 1), PAGE_MOST))
    items = [_row(request, one) for one in page.rows]
    return schemas.ConversationsOut(items=items, next=page.next_cursor)


@router.post(
    "", response=schemas.ConversationOut, openapi_extra=asks_for(ConversationPermission.RECORD)
)
def write_down_contact(
    request: StaffRequest, body: schemas.WrittenContactIn
) -> schemas.ConversationOut:
    """Write down a call, visit, letter, message or post; it is in the one queue like all others.

    A letter gets a receipt number; one that was missed or wants a call back leaves a call-back task.
    """
    given = body.dict()
    code = given.pop("queue_code")
    queue = get_object_or_404(Queue, code=code) if code else default_queue()
    made = record_contact(Contact(**given), by=request.user, at=timezone.now(), queue=queue)
    return _out(request, made)


@router.get(
    "/{conversation_id}",
    response=schemas.ConversationOut,
    openapi_extra=asks_for(ConversationPermission.SERVE),
)
def get_conversation(request: StaffRequest, conversation_id: int) -> schemas.ConversationOut:
    """One conversation."""
    return _out(request, _visible(request, conversation_id))


@router.get(
    "/{conversation_id}/lines",
    response=schemas.LinesOut,
    openapi_extra=asks_for(ConversationPermission.SERVE),
)
def get_lines(request: StaffRequest, conversation_id: int, after: Cursor = 0) -> dict[str, object]:
    """Lines changed after a cursor; ask again with the cursor of the answer until no line comes."""
    conversation = _visible(request, conversation_id)
    changes = changes_of(conversation, after=after, for_staff=True, at=timezone.now())
    return changes.as_json()


@router.post("/{conversation_id}/lines", openapi_extra=asks_for(ConversationPermission.SERVE))
def say_line(
    request: StaffRequest, conversation_id: int, body: schemas.LineIn
) -> dict[str, object]:
    """Answer the customer, or write an internal note. The same `client_id` is never a second line."""
    conversation = _visible(request, conversation_id)
    new = new_staff_line(request.user, conversation.pk, body.dict())
    return lines_json([post_line(new, at=timezone.now())], for_staff=True)[0]


@router.post(
    "/{conversation_id}/claim",
    response=schemas.ConversationOut,
    openapi_extra=asks_for(ConversationPermission.SERVE),
)
def claim(request: StaffRequest, conversation_id: int) -> schemas.ConversationOut:
    """Take it. Refused when somebody was quicker or the reception limit is reached."""
    conversation = _visible(request, conversation_id)
    return _out(request, claim_conversation(conversation.pk, by=request.user, at=timezone.now()))


@router.post(
    "/{conversation_id}/transfer",
    response=schemas.ConversationOut,
    openapi_extra=asks_for(ConversationPermission.SERVE),
)
def transfer(
    request: StaffRequest, conversation_id: int, body: schemas.TransferIn
) -> schemas.ConversationOut:
    """Hand it to a person or a queue, with a reason; the first responder keeps his name on it."""
    conversation = _visible(request, conversation_id)
    at = timezone.now()
    if body.staff_id is not None:
        to = get_object_or_404(visible_staff(request.user), pk=body.staff_id)
        moved = transfer_to_staff(
            conversation.pk, to=to, reason=body.reason, by=request.user, at=at
        )
    else:
        queue = get_object_or_404(Queue, code=body.queue_code)
        moved = transfer_to_queue(
            conversation.pk, queue=queue, reason=body.reason, by=request.user, at=at
        )
    return _out(request, moved)


@router.post(
    "/{conversation_id}/return",
    response=schemas.ConversationOut,
    openapi_extra=asks_for(ConversationPermission.SERVE),
)
def give_back(
    request: StaffRequest, conversation_id: int, body: schemas.ReasonIn
) -> schemas.ConversationOut:
    """Give it back to its queue, with a reason."""
    conversation = _visible(request, conversation_id)
    returned = return_to_queue(
        conversation.pk, reason=body.reason, by=request.user, at=timezone.now()
    )
    return _out(request, returned)


@router.post(
    "/{conversation_id}/close",
    response=schemas.ConversationOut,
    openapi_extra=asks_for(ConversationPermission.SERVE),
)
def sum_up_and_close(
    request: StaffRequest, conversation_id: int, body: schemas.SummaryIn
) -> schemas.ConversationOut:
    """Sum it up and end it; unsolved points go to the next day's list."""
    conversation = _visible(request, conversation_id)
    given = body.dict(exclude={"points"})
    points = tuple(Point(**one.dict()) for one in body.points)
    finish_wrap_up(
        conversation.pk,
        summary=Summary(**given, points=points),
        by=request.user,
        at=timezone.now(),
    )
    return _out(request, conversation)


def _visible(request: StaffRequest, conversation_id: int) -> Conversation:
    return get_object_or_404(visible_conversations(request.user), pk=conversation_id)


def _out(request: StaffRequest, conversation: Conversation) -> schemas.ConversationOut:
    one = with_names(Conversation.objects.filter(pk=conversation.pk)).get()
    return _row(request, one)


def _row(request: StaffRequest, one: Conversation) -> schemas.ConversationOut:
    return schemas.ConversationOut(
        id=one.pk,
        number=one.number,
        receipt_number=one.receipt_number,
        channel=one.channel,
        direction=one.direction,
        state=one.state,
        outcome=one.outcome,
        subject=one.subject,
        customer_id=one.customer_id,
        customer_name=shown_name(one.customer, request.user),
        queue=one.queue.code,
        department=one.department.name,
        first_responder=_person(one.first_responder),
        handler=_person(one.handler),
        is_harassing=one.is_harassing,
        has_unsolved_points=one.has_unsolved_points,
        opened_at=one.opened_at,
        first_answered_at=one.first_answered_at,
        waiting_since=one.waiting_since,
        closed_at=one.closed_at,
        queue_seconds=one.queue_seconds,
        last_line_text=one.last_line_text,
    )


def _person(staff: Staff | None) -> schemas.PersonOut | None:
    return schemas.PersonOut(id=staff.pk, name=staff.name) if staff else None
