"""What may be done to a case from its page: what is asked, and the one call it comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases.forms import verbs as forms
from shouwen.cases.models import Case
from shouwen.cases.operations import (
    accepting,
    answering,
    climbing,
    closing,
    deciding,
    handing,
    risking,
)
from shouwen.cases.operations.promising import promise_customer

Do = Callable[[Case, forms.CaseForm, Staff, datetime], object]


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One thing to do: the words of its dialog, its form, and what it comes to."""

    title: str | Promise
    submit: str | Promise
    form: type[forms.CaseForm]
    do: Do
    said: str | Promise
    text: str | Promise = ""


def _judge(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    entered = form.cleaned_data
    judgement = accepting.Judgement(
        is_valid=entered["is_valid_case"],
        reason=entered["judge_reason"],
        contract_clause=entered["contract_clause"],
        invalid_choice=entered["invalid_choice"],
    )
    return accepting.judge_case(case.pk, judgement, by=by, at=at)


def _review(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    review = accepting.Review(**form.cleaned_data)
    return accepting.review_case(case.pk, review, by=by, at=at)


def _hand_off(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    return handing.hand_off(case.pk, handing.Task(**form.cleaned_data), by=by, at=at)


def _note(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    return handing.note_progress(case.pk, handing.News(**form.cleaned_data), by=by, at=at)


def _remedy(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    assert isinstance(form, forms.RemedyForm)  # noqa: S101 - tells the type
    offer = deciding.RemedyOffer(
        code=form.cleaned_data["code"],
        amount_fen=form.fen("amount"),
        cost_fen=form.fen("cost"),
        note=form.cleaned_data["note"],
    )
    return deciding.offer_remedy(case.pk, offer, by=by, at=at)


def _answer(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    given = answering.AnswerGiven(**form.cleaned_data)
    return answering.answer_customer(case.pk, given, by=by, at=at)


def _follow_up(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    told = closing.FollowUpTold(**form.cleaned_data)
    return closing.record_follow_up(case.pk, told, by=by, at=at)


def _archive(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    return closing.archive_case(case.pk, closing.ClosingWords(**form.cleaned_data), by=by, at=at)


def _to_company(case: Case, form: forms.CaseForm, by: Staff, at: datetime) -> object:
    return risking.hand_to_company(case.pk, risking.ToCompany(**form.cleaned_data), by=by, at=at)


def _plain(operation: Callable[..., object]) -> Do:
    """An operation whose keywords are the form's fields."""
    return lambda case, form, by, at: operation(case.pk, **form.cleaned_data, by=by, at=at)


VERBS: dict[str, Verb] = {
    "accept": Verb(
        title=_("Take the case"),
        text=_("You handle it from now on, and its clock runs."),
        submit=_("Take it"),
        form=forms.NothingForm,
        do=_plain(accepting.accept_case),
        said=_("The case is yours."),
    ),
    "assign": Verb(
        title=_("Give to a colleague"),
        text=_("The first responder keeps the name on it and hears how it goes on."),
        submit=_("Give"),
        form=forms.AssignForm,
        do=_plain(accepting.assign_case),
        said=_("Given."),
    ),
    "judge": Verb(
        title=_("Valid or not"),
        submit=_("Save"),
        form=forms.JudgeForm,
        do=_judge,
        said=_("Judged."),
    ),
    "review": Verb(
        title=_("First review: how grave it is"),
        submit=_("Save"),
        form=forms.ReviewForm,
        do=_review,
        said=_("Reviewed."),
    ),
    "propose": Verb(
        title=_("Propose how to handle it"),
        text=_("The next level of the ladder decides; until then no department is told."),
        submit=_("Ask for approval"),
        form=forms.ProposalForm,
        do=_plain(deciding.propose_handling),
        said=_("Asked for approval."),
    ),
    "hand-off": Verb(
        title=_("Hand to a department"),
        text=_("The customer's own words go with it. The case stays with you."),
        submit=_("Hand over"),
        form=forms.HandOffForm,
        do=_hand_off,
        said=_("Handed over."),
    ),
    "progress": Verb(
        title=_("Note progress"),
        submit=_("Save"),
        form=forms.ProgressForm,
        do=_note,
        said=_("Noted."),
    ),
    "remedy": Verb(
        title=_("Offer a remedy"),
        text=_("Above its limit it waits for an approval."),
        submit=_("Offer"),
        form=forms.RemedyForm,
        do=_remedy,
        said=_("Noted."),
    ),
    "promise": Verb(
        title=_("Promise the customer"),
        text=_("The promise has its own clock; you are reminded half an hour before."),
        submit=_("Save"),
        form=forms.PromiseForm,
        do=_plain(promise_customer),
        said=_("The promise stands."),
    ),
    "escalate": Verb(
        title=_("One level up"),
        text=_("The clock keeps running: going up buys no time."),
        submit=_("Escalate"),
        form=forms.ReasonForm,
        do=_plain(climbing.escalate_case),
        said=_("The next level has it."),
    ),
    "company": Verb(
        title=_("To the company's leaders"),
        text=_("Every level between hears of it. The agreed time becomes a promise with a clock."),
        submit=_("Hand over"),
        form=forms.CompanyForm,
        do=_to_company,
        said=_("The leaders of the company have it."),
    ),
    "risk": Verb(
        title=_("May complain over our heads"),
        text=_("The next level is asked to help before it happens."),
        submit=_("Mark"),
        form=forms.ReasonForm,
        do=_plain(risking.flag_overhead_risk),
        said=_("Marked, and the next level asked."),
    ),
    "wait": Verb(
        title=_("Wait for the customer"),
        text=_("The clock stands still until you go on."),
        submit=_("Wait"),
        form=forms.ReasonForm,
        do=_plain(answering.wait_for_customer),
        said=_("The clock stands still."),
    ),
    "go-on": Verb(
        title=_("Go on"),
        text=_("The clock goes on with what was left."),
        submit=_("Go on"),
        form=forms.NothingForm,
        do=_plain(answering.go_on_with_case),
        said=_("The clock runs."),
    ),
    "result": Verb(
        title=_("Write down the result"),
        submit=_("Save"),
        form=forms.ResultForm,
        do=_plain(answering.record_result),
        said=_("Now tell the customer."),
    ),
    "answer": Verb(
        title=_("Answer the customer"),
        text=_("Say when the work is done and how, or explain why it is not ours."),
        submit=_("Answered"),
        form=forms.AnswerForm,
        do=_answer,
        said=_("The customer has an answer."),
    ),
    "follow-up": Verb(
        title=_("Follow-up"),
        text=_("A dissatisfied customer reopens the case."),
        submit=_("Save"),
        form=forms.FollowUpForm,
        do=_follow_up,
        said=_("Saved."),
    ),
    "archive": Verb(
        title=_("Put into the archive"),
        submit=_("Archive"),
        form=forms.ArchiveForm,
        do=_archive,
        said=_("Archived."),
    ),
    "reopen": Verb(
        title=_("Reopen"),
        text=_("Everything before is kept, and the reopening is counted."),
        submit=_("Reopen"),
        form=forms.ReasonForm,
        do=_plain(closing.reopen_case),
        said=_("Reopened."),
    ),
}
# What fits each stage, the first one as the main button.
BY_STAGE: dict[str, list[str]] = {
    "accept": ["accept", "judge", "review"],
    "handle": ["result", "propose", "hand-off", "progress", "promise", "remedy", "judge", "review"],
    "answer": ["answer", "progress", "promise", "remedy"],
    "follow_up": ["follow-up", "progress"],
    "archive": ["archive", "progress"],
}


def offered_verbs(case: Case) -> list[tuple[str, Verb]]:
    """What may be done to the case as it stands, the main thing first."""
    if case.is_closed:
        return [("reopen", VERBS["reopen"])] if case.merged_into_id is None else []
    names = list(BY_STAGE[case.stage])
    if not case.kind.defined.remedies and "remedy" in names:
        names.remove("remedy")
    names += ["go-on"] if case.is_waiting else ["wait"] if case.stage != "accept" else []
    names += ["assign", "escalate"]
    names += ["company"] if case.is_major else []
    names += [] if case.has_overhead_risk else ["risk"]
    return [(name, VERBS[name]) for name in names]
