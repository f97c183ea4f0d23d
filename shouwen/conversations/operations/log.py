"""The contact log: kind, questions, points marked while talking, what the customer was told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import ContactAsked, CustomerTold, PointMarked
from shouwen.conversations.models import (
    CallBack,
    ContactAnswer,
    ContactKind,
    Conversation,
    Feedback,
    SummaryPoint,
    WrapUp,
)
from shouwen.conversations.operations.clocks import run_clocks
from shouwen.conversations.operations.serving import announce, lock
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.clocks import SUBJECT
from shouwen.conversations.queries.log import (
    HEARD_LENGTH,
    last_answer,
    last_words,
    owes_call,
    questions_of,
)
from shouwen.conversations.refusals import FeedbackMissing, NotTheHandler, SummaryIncomplete
from shouwen.conversations.workflow import FEEDBACK
from shouwen.core.errors import Refused
from shouwen.deadlines.operations import meet_deadline


def locked_for(conversation_id: int, by: Staff) -> Conversation:
    """The conversation, locked, if this person writes its log: handler, first responder, who leads."""
    require(by, ConversationPermission.SERVE)
    conversation = lock(conversation_id)
    is_his = by.pk in {conversation.handler_id, conversation.first_responder_id}
    if not is_his and not by.may(ConversationPermission.SUPERVISE):
        raise NotTheHandler
    return conversation


def _draft(conversation: Conversation, by: Staff) -> WrapUp:
    wrap_up, _is_new = WrapUp.objects.get_or_create(
        conversation=conversation, defaults={"by": by, "is_draft": True}
    )
    return wrap_up


@transaction.atomic
def ask_customer(
    conversation_id: int, *, kind: str, answers: Mapping[int, str], by: Staff
) -> WrapUp:
    """The contact is of this kind, and these questions of its list are answered so far. (D018, D598)

    Answers are by the id of the question; an empty one takes an answer back. Questions of other
    kinds are left out. Refuses a kind that is not there.
    """
    conversation = locked_for(conversation_id, by)
    found = ContactKind.objects.filter(code=kind, is_active=True).first()
    if found is None:
        raise Refused(_("Please choose what the contact is about."))
    wrap_up = _draft(conversation, by)
    wrap_up.kind = found
    wrap_up.save(update_fields=["kind", "updated_at"])
    write_answers(wrap_up, answers)
    announce(ContactAsked, conversation, kind=found.code, by_id=by.pk)
    return wrap_up


def write_answers(wrap_up: WrapUp, answers: Mapping[int, str]) -> None:
    """What the customer answered to questions of this kind's list."""
    own = {one.question.pk for one in questions_of(wrap_up)}
    for question_id, text in answers.items():
        words = text.strip()[:300]
        if question_id not in own:
            continue
        if words:
            ContactAnswer.objects.update_or_create(
                wrap_up=wrap_up, question_id=question_id, defaults={"text": words}
            )
        else:
            ContactAnswer.objects.filter(wrap_up=wrap_up, question_id=question_id).delete()


@transaction.atomic
def mark_point(
    conversation_id: int, *, sort: str, words: str, by: Staff, at: datetime
) -> SummaryPoint:
    """What was just heard is a need, an opinion, a complaint or a suggestion. (D019, D297)

    Without `words` it is what the customer said last. It stands in the summary at once, and in the
    report of the shift. Marked twice, it is one point with the newer sort.
    """
    conversation = locked_for(conversation_id, by)
    line = None if words.strip() else last_words(conversation)
    heard = " ".join((line.text if line else words).split())[:HEARD_LENGTH]
    if not heard:
        raise Refused(_("The customer has not said anything yet."))
    wrap_up = _draft(conversation, by)
    point, _is_new = SummaryPoint.objects.update_or_create(
        wrap_up=wrap_up,
        text=heard,
        defaults={"sort": SummaryPoint.Sort(sort)},
        create_defaults={
            "sort": SummaryPoint.Sort(sort),
            "line": line,
            "owner": conversation.first_responder or by,
            "raised_at": at,
        },
    )
    announce(PointMarked, conversation, point_id=point.pk, sort=sort, by_id=by.pk)
    return point


@transaction.atomic
def tell_customer(
    conversation_id: int, *, way: str, text: str, is_final: bool, by: Staff, at: datetime
) -> Feedback:
    """It is on record what the customer was told, how and when: how far it is, or the answer. (D018, D665)

    The answer ends the clock of the feedback. Refuses without words.
    """
    conversation = locked_for(conversation_id, by)
    if not text.strip():
        raise Refused(_("Please write down what the customer was told."))
    return write_feedback(conversation, way=way, text=text, is_final=is_final, by=by, at=at)


@transaction.atomic
def count_call_as_feedback(call_back_id: int, *, by: Staff) -> Feedback:
    """What was said in a call back is what the customer was told; final when nothing is unsolved."""
    task = CallBack.objects.get(pk=call_back_id)
    conversation = lock(task.conversation_id)
    open_points = SummaryPoint.objects.filter(
        wrap_up__conversation=conversation, solved_at__isnull=True
    )
    return write_feedback(
        conversation,
        way=Conversation.Channel.PHONE,
        text=task.result,
        is_final=not open_points.exists(),
        by=by,
        at=task.done_at or task.updated_at,
    )


def write_feedback(
    conversation: Conversation, *, way: str, text: str, is_final: bool, by: Staff, at: datetime
) -> Feedback:
    """The locked conversation has this feedback; a final one keeps its promise."""
    feedback = Feedback.objects.create(
        conversation=conversation,
        way=Conversation.Channel(way),
        text=text.strip()[:500],
        is_final=is_final,
        at=at,
        by=by,
    )
    if is_final:
        meet_deadline(SUBJECT, conversation.pk, kind=FEEDBACK, at=at, by=by)
    announce(CustomerTold, conversation, feedback_id=feedback.pk, is_final=is_final, by_id=by.pk)
    return feedback


def check_asked(wrap_up: WrapUp) -> None:
    """What must be asked for this kind was asked. (D598)"""
    for asked in questions_of(wrap_up):
        if asked.is_missing:
            raise SummaryIncomplete(_("Please ask and write down: %s") % asked.question.text)


def follow_flow(conversation: Conversation, wrap_up: WrapUp, *, by: Staff, at: datetime) -> None:
    """The flow of the kind holds when a contact ends. (D018)

    Where the customer must be told he was, or a call is owed; while a point is unsolved, the clock
    of the feedback runs until he has the answer.
    """
    kind = wrap_up.kind
    if not kind.needs_feedback:
        return
    is_done = not wrap_up.points.filter(solved_at__isnull=True).exists()
    if not conversation.feedback.exists() and not _was_answered(
        conversation, is_final=is_done, by=by
    ):
        if not owes_call(conversation):
            raise FeedbackMissing(kind.name)
        return
    if not is_done:
        run_clocks([conversation], kind=FEEDBACK, minutes=kind.feedback_minutes, at=at)


def _was_answered(conversation: Conversation, *, is_final: bool, by: Staff) -> bool:
    """An answer in the talk itself is the feedback; it is written down as such."""
    said = last_answer(conversation)
    if said is None:
        return False
    text, at = said
    write_feedback(
        conversation, way=conversation.channel, text=text or "—", is_final=is_final, by=by, at=at
    )
    return True
