"""Answers: written, proposed, approved by another, withdrawn; their use is counted. (D578)"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.clock import local_day
from shouwen.core.errors import NotThere
from shouwen.knowledge.events import (
    AnswerApproved,
    AnswerProposed,
    AnswersUsed,
    AnswerWithdrawn,
    AnswerWritten,
)
from shouwen.knowledge.models import Answer
from shouwen.knowledge.operations.guard import guard_template
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.refusals import AnswerNotReady
from shouwen.knowledge.sounds import fill_sounds

State = Answer.State


@dataclass(frozen=True, kw_only=True)
class AnswerDraft:
    """What somebody writes: the question, the answer, on what evidence, until when."""

    title: str
    text: str
    topic: str = ""
    source: str = ""
    valid_until: date | None = None


@transaction.atomic
def write_answer(answer_id: int | None, *, draft: AnswerDraft, by: Staff) -> Answer:
    """The answer reads so and is a draft: whatever was approved before must be approved anew.

    Refuses one without question or answer, and taboo phrases.
    """
    require(by, KnowledgePermission.USE_PHRASES)
    if not draft.title.strip() or not draft.text.strip():
        raise AnswerNotReady(_("Please write down the question and the answer."))
    guard_template(draft.text)
    answer = _locked(answer_id) if answer_id else Answer(by=by)
    if answer_id and answer.by_id != by.pk:
        require(by, KnowledgePermission.APPROVE_ANSWERS)
    old = answer.text
    answer.title, answer.text = draft.title.strip()[:100], draft.text.strip()
    answer.topic, answer.source = draft.topic.strip()[:60], draft.source.strip()[:300]
    answer.valid_until = draft.valid_until
    answer.state, answer.approved_by, answer.approved_at = State.DRAFT, None, None
    fill_sounds(answer)
    answer.save()
    publish(AnswerWritten(answer_id=answer.pk, old_text=old, by_id=by.pk))
    return answer


@transaction.atomic
def propose_answer(answer_id: int, *, by: Staff) -> Answer:
    """It waits for approval. Refuses one without source: an answer stands on evidence."""
    require(by, KnowledgePermission.USE_PHRASES)
    answer = _locked(answer_id)
    if answer.state != State.DRAFT:
        raise AnswerNotReady(_("Only a draft is proposed."))
    if not answer.source:
        raise AnswerNotReady(_("Please name the source the answer stands on."))
    _move(answer, State.PROPOSED)
    publish(AnswerProposed(answer_id=answer.pk, by_id=by.pk))
    return answer


@transaction.atomic
def approve_answer(answer_id: int, *, by: Staff, at: datetime) -> Answer:
    """It may be given from now on. Refuses its own writer, and one past its time."""
    require(by, KnowledgePermission.APPROVE_ANSWERS)
    answer = _locked(answer_id)
    if answer.state != State.PROPOSED:
        raise AnswerNotReady(_("Only a proposed answer is approved."))
    if answer.by_id == by.pk:
        raise AnswerNotReady(_("Somebody else must approve what you wrote."))
    if answer.valid_until and answer.valid_until < local_day(at):
        raise AnswerNotReady(_("Its time has passed: please set another day."))
    answer.approved_by, answer.approved_at = by, at
    _move(answer, State.APPROVED)
    publish(AnswerApproved(answer_id=answer.pk, text=answer.text, by_id=by.pk))
    return answer


@transaction.atomic
def withdraw_answer(answer_id: int, *, reason: str, by: Staff) -> Answer:
    """It may not be given any more, and why. Refuses without a reason."""
    require(by, KnowledgePermission.APPROVE_ANSWERS)
    if not reason.strip():
        raise AnswerNotReady(_("Please give a reason."))
    answer = _locked(answer_id)
    _move(answer, State.WITHDRAWN)
    publish(AnswerWithdrawn(answer_id=answer.pk, reason=reason.strip()[:200], by_id=by.pk))
    return answer


@transaction.atomic
def note_answers_used(
    answer_ids: Collection[int], *, conversation_id: int, by: Staff, at: datetime
) -> None:
    """These answers were given in a conversation: counted, and on record. (D578)"""
    rows = Answer.objects.filter(pk__in=answer_ids)
    if rows.update(use_count=F("use_count") + 1, last_used_at=at):
        publish(
            AnswersUsed(conversation_id=conversation_id, answer_ids=sorted(answer_ids), by_id=by.pk)
        )


def _locked(answer_id: int) -> Answer:
    answer = Answer.objects.select_for_update(of=("self",)).filter(pk=answer_id).first()
    if answer is None:
        raise NotThere
    return answer


def _move(answer: Answer, state: Answer.State) -> None:
    answer.state = state
    answer.save(update_fields=["state", "approved_by", "approved_at", "updated_at"])
