"""Calls back, and callers who harass."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import (
    CallBackDone,
    CallBackOwed,
    CustomerMarkedHarassing,
    HarassmentLifted,
)
from shouwen.conversations.models import CallBack, Conversation, HarassmentMark
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.bus import publish
from shouwen.core.errors import Refused

# How soon a call back is owed, unless another time was promised.
CALL_BACK_WITHIN = timedelta(minutes=30)


@transaction.atomic
def owe_call_back(
    conversation: Conversation,
    *,
    reason: str,
    owner: Staff | None,
    at: datetime,
    due_at: datetime | None = None,
) -> CallBack:
    """Somebody owes this customer a call; asked twice for the same reason, it is owed once. (D154)"""
    task, is_new = CallBack.objects.get_or_create(
        conversation=conversation,
        reason=reason,
        done_at=None,
        defaults={
            "customer_id": conversation.customer_id,
            "owner": owner,
            "department_id": conversation.department_id,
            "due_at": due_at or at + CALL_BACK_WITHIN,
        },
    )
    if is_new:
        publish(
            CallBackOwed(
                conversation_id=conversation.pk,
                queue_id=conversation.queue_id,
                department_id=conversation.department_id,
                call_back_id=task.pk,
                owner_id=owner.pk if owner else None,
                reason=reason,
            )
        )
    return task


@transaction.atomic
def finish_call_back(call_back_id: int, *, result: str, by: Staff, at: datetime) -> CallBack:
    """The customer was called; refuses without a word on how it went, and a second time."""
    require(by, ConversationPermission.SERVE)
    task = (
        CallBack.objects.select_for_update(of=("self",))
        .select_related("conversation")
        .get(pk=call_back_id)
    )
    if task.done_at:
        raise Refused(_("This call back is already done."))
    if not result.strip():
        raise Refused(_("Please say how the call went."))
    task.done_at, task.done_by, task.result = at, by, result.strip()[:300]
    task.save(update_fields=["done_at", "done_by", "result", "updated_at"])
    publish(
        CallBackDone(
            conversation_id=task.conversation_id,
            queue_id=task.conversation.queue_id,
            department_id=task.department_id,
            call_back_id=task.pk,
            by_id=by.pk,
        )
    )
    return task


@transaction.atomic
def mark_harassing(
    conversation_id: int, *, reason: str, handling: str, by: Staff
) -> HarassmentMark:
    """The team is warned of this customer, with the rule how to handle him. (D539, D540)"""
    require(by, ConversationPermission.MARK_HARASSING)
    if not reason.strip():
        raise Refused(_("Please give a reason."))
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)
    conversation.is_harassing = True
    conversation.save(update_fields=["is_harassing", "updated_at"])
    mark, _is_new = HarassmentMark.objects.update_or_create(
        customer_id=conversation.customer_id,
        lifted_at=None,
        defaults={
            "conversation": conversation,
            "reason": reason.strip()[:300],
            "handling": handling.strip()[:300],
            "by": by,
        },
    )
    publish(
        CustomerMarkedHarassing(
            customer_id=conversation.customer_id,
            reason=mark.reason,
            handling=mark.handling,
            by_id=by.pk,
        )
    )
    return mark


@transaction.atomic
def lift_harassment(mark_id: int, *, by: Staff, at: datetime) -> None:
    """The warning is taken back."""
    require(by, ConversationPermission.MARK_HARASSING)
    mark = HarassmentMark.objects.select_for_update(of=("self",)).get(pk=mark_id)
    if mark.lifted_at:
        return
    mark.lifted_at, mark.lifted_by = at, by
    mark.save(update_fields=["lifted_at", "lifted_by", "updated_at"])
    publish(HarassmentLifted(customer_id=mark.customer_id, by_id=by.pk))
