"""Result, answer, promises, and waiting for the customer."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import AnswerReplied, CaseAnswered, CaseGoesOn, CaseHandled, CaseWaits
from shouwen.cases.models import Answer, Case, FollowUpDuty
from shouwen.cases.operations.clocks import meet_clock, pause_clock, resume_clock, start_clock
from shouwen.cases.operations.closing import owe_follow_up, send_back
from shouwen.cases.operations.registering import search_of
from shouwen.cases.operations.rows import (
    MOVED,
    announce,
    move,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
    words_of,
)
from shouwen.cases.operations.steps import check_steps
from shouwen.cases.queries.gates import fitting_ways, missing_for_answer
from shouwen.cases.refusals import NotReadyToArchive, StageForbids
from shouwen.cases.workflow import ANSWER, ARCHIVE, FOLLOW_UP, HANDLE
from shouwen.core.errors import Refused


@transaction.atomic
def record_result(case_id: int, *, result: str, by: Staff, at: datetime) -> Case:
    """There is a result: the customer is to be answered, and that clock runs.

    Refuses while tasks handed over have none, a remedy waits for a decision, validity is not judged
    where the kind asks for it, or steps of handling are open. (D012, D063, D661)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if case.stage != HANDLE:
        raise StageForbids(case.get_stage_display(), _("Result"))
    case.result = words_of(result, _("Please write down the result."))
    if missing := missing_for_answer(case):
        raise NotReadyToArchive(missing)
    check_steps(case, HANDLE)
    move(case, ANSWER)
    case.handled_at = at
    case.search = search_of(case)
    meet_clock(case, HANDLE, at=at, by=by)
    start_clock(case, ANSWER, at=at, by=by)
    save_news(case, at, *MOVED, "result", "handled_at", "search")
    announce(CaseHandled, case, by=by)
    return case


@dataclass(frozen=True, kw_only=True)
class AnswerGiven:
    """What the customer was told: concrete time and method, or that it is not ours and why."""

    way: str
    text: str
    method: str = ""
    works_from: datetime | None = None
    is_not_ours: bool = False
    other_way_reason: str = ""


@transaction.atomic
def answer_customer(case_id: int, given: AnswerGiven, *, by: Staff, at: datetime) -> Answer:
    """The customer has his answer, in the way he came; the follow-up is owed, or the archive waits.

    Refuses an answer without concrete time and method unless it explains that the matter is not
    ours (D686), and another way than the customer's without a reason (D680, D701).
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if case.stage != ANSWER:
        raise StageForbids(case.get_stage_display(), _("Answer"))
    check_steps(case, ANSWER)
    _check_answer(case, given)
    answer = Answer.objects.create(
        case=case,
        way=Case.Way(given.way),
        by=by,
        at=at,
        text=words_of(given.text, _("Please write down what the customer was told.")),
        method=given.method.strip()[:300],
        works_from=given.works_from,
        is_not_ours=given.is_not_ours,
        other_way_reason=given.other_way_reason.strip()[:300],
    )
    case.answered_at = at
    meet_clock(case, ANSWER, at=at, by=by)
    _go_on(case, by=by, at=at)
    save_news(case, at, *MOVED, "answered_at")
    announce(CaseAnswered, case, by=by, answer_id=answer.pk, way=answer.way)
    return answer


def _go_on(case: Case, *, by: Staff, at: datetime) -> None:
    if case.kind.defined.needs_follow_up:
        move(case, FOLLOW_UP)
        owe_follow_up(case, by=by, at=at)
        return
    move(case, ARCHIVE)
    start_clock(case, ARCHIVE, at=at, by=by)


def _check_answer(case: Case, given: AnswerGiven) -> None:
    if not given.is_not_ours and (given.works_from is None or not given.method.strip()):
        raise Refused(
            _("Say when the work is done and how, or explain that it is not the company's duty.")
        )
    if Case.Way(given.way) not in fitting_ways(case) and not given.other_way_reason.strip():
        raise Refused(
            _("The customer came %s: answer in the same way, or give a reason for another.")
            % case.get_way_display()
        )


@transaction.atomic
def record_reply(
    answer_id: int, *, is_accepted: bool, words: str = "", by: Staff, at: datetime
) -> Answer:
    """What the customer says to the answer; one he does not accept is worked on again. (GB/T 19012)

    A case that is worked on already stays where it is.
    """
    case = open_case_row(Answer.objects.values_list("case_id", flat=True).get(pk=answer_id))
    require_hand_on(case, by)
    answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer_id)
    if answer.reply:
        raise Refused(_("The customer's reply is on record already."))
    answer.reply = Answer.Reply.ACCEPTED if is_accepted else Answer.Reply.REFUSED
    answer.reply_words = words.strip()[:500] if is_accepted else reason_of(words, limit=500)
    answer.save(update_fields=["reply", "reply_words"])
    announce(AnswerReplied, case, by=by, answer_id=answer.pk, reply=answer.reply)
    if not is_accepted and case.stage in {FOLLOW_UP, ARCHIVE}:
        FollowUpDuty.objects.filter(case=case, result="").delete()
        send_back(case, reason=answer.reply_words, by=by, at=at)
    return answer


@transaction.atomic
def wait_for_customer(case_id: int, *, reason: str, by: Staff, at: datetime) -> Case:
    """We can only go on when the customer has done his part; clocks that may stand still do."""
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if case.is_waiting:
        return case
    words = reason_of(reason)
    case.waiting_since = at
    pause_clock(case, at=at)
    save_news(case, at, "waiting_since", "due_at")
    announce(CaseWaits, case, by=by, reason=words)
    return case


@transaction.atomic
def go_on_with_case(case_id: int, *, by: Staff, at: datetime) -> Case:
    """The customer has done his part: clocks go on with what was left of them."""
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if not case.is_waiting:
        return case
    case.waiting_since = None
    resume_clock(case, at=at)
    save_news(case, at, "waiting_since", "due_at")
    announce(CaseGoesOn, case, by=by)
    return case
