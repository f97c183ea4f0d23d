"""What still stands between a case and its next stage."""

from django.utils.translation import gettext as _

from shouwen.cases.formvalues import check_complete
from shouwen.cases.models import Answer, Approval, Case, CasePromise, FollowUpDuty, HandOff, Remedy
from shouwen.cases.refusals import FormIncomplete
from shouwen.cases.workflow import ANSWER, ARCHIVE

# The answer goes back the way the matter came; a form or a platform is answered as the customer can
# be reached (D680, D701).
ANSWERS_TO = {
    Case.Way.VISIT: {Case.Way.VISIT},
    Case.Way.LETTER: {Case.Way.LETTER},
    Case.Way.CALL: {Case.Way.CALL},
    Case.Way.CHAT: {Case.Way.CHAT, Case.Way.CALL},
    Case.Way.MAIL: {Case.Way.MAIL},
    Case.Way.SMS: {Case.Way.SMS, Case.Way.CALL},
}


def fitting_ways(case: Case) -> set[Case.Way]:
    """The ways in which this case is answered without giving a reason."""
    return ANSWERS_TO.get(Case.Way(case.way), set(Case.Way))


def approval_missing(case: Case) -> bool:
    """Whether the proposal must still be approved before departments are told. (D697)"""
    wanted = case.kind.defined.needs_approval
    if wanted == "never" or (wanted == "ordinary" and case.is_urgent):
        return False
    granted = Approval.objects.filter(
        case=case, about=Approval.About.PROPOSAL, decision=Approval.Decision.GRANTED
    )
    return not granted.exists()


def missing_for_answer(case: Case) -> list[str]:
    """What must be there before the customer is answered, in words; nothing is missing: empty."""
    checks = (
        (not case.result, _("a result")),
        (_must_be_agreed(case), _("the superior's approval of the proposal")),
        (case.kind.defined.needs_judging and not case.validity, _("valid or not, with the reason")),
        (_open(HandOff, case, ended_at=None), _("the results of all tasks handed over")),
        (_open(Remedy, case, state=Remedy.State.WAITING), _("the decision on the remedy")),
    )
    missing = [words for is_missing, words in checks if is_missing]
    return missing + _empty_fields(case, ANSWER)


def _must_be_agreed(case: Case) -> bool:
    """A kind whose proposals always need an approval is handled by nobody alone. (D440)"""
    return case.kind.defined.needs_approval == "always" and approval_missing(case)


def _empty_fields(case: Case, stage: str) -> list[str]:
    """The fields that must be filled at this stage and are not, in words."""
    try:
        check_complete(case.kind.defined, case.values, stage)
    except FormIncomplete as incomplete:
        return [str(incomplete)]
    return []


def missing_for_archive(case: Case) -> list[str]:
    """What the archive asks for and does not find, in words. (D062, D063, D067, law 3)"""
    defined = case.kind.defined
    answers = Answer.objects.filter(case=case)
    satisfied = FollowUpDuty.objects.filter(case=case).exclude(
        result__in=["", FollowUpDuty.Result.DISSATISFIED]
    )
    checks = [
        (not case.result, _("a result")),
        (defined.needs_answer and not answers.exists(), _("an answer to the customer")),
        (defined.needs_follow_up and not satisfied.exists(), _("a follow-up with its result")),
        (defined.needs_cause and case.cause_id is None, _("the root cause")),
        (defined.needs_cause and not case.corrective_action, _("the corrective action")),
        (case.is_complaint and case.is_won_back is None, _("won back or not")),
        (_open(HandOff, case, ended_at=None), _("the results of all tasks handed over")),
        (_open(CasePromise, case, kept_at=None), _("every promise kept")),
    ]
    missing = [words for is_missing, words in checks if is_missing]
    return missing + _empty_fields(case, ARCHIVE)


def _open(model: type[HandOff | Remedy | CasePromise], case: Case, **condition: object) -> bool:
    return model.objects.filter(case=case, **condition).exists()
