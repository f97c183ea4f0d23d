"""What is asked before something is done to a case."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwen.cases.forms.fields import (
    DepartmentField,
    NodeField,
    StaffField,
    long_text,
)
from shouwen.cases.models import Case, CaseCategory, FollowUpDuty
from shouwen.cases.queries.gates import fitting_ways
from shouwen.cases.queries.people import staff_who_handle
from shouwen.ui.fields import MomentField

GRADES = [(0, "0"), (1, "1"), (2, "2"), (3, "3")]


class CaseForm(forms.Form):
    """Base: a form about one case."""

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.case = case
        self.shape()

    def shape(self) -> None:
        """Fit the fields to the case."""


class NothingForm(CaseForm):
    """Nothing is asked; the dialog says what will happen."""


class ReasonForm(CaseForm):
    """Why."""

    reason = long_text(_("Reason"), max_length=300)


class CompanyForm(ReasonForm):
    """Why the company's leaders, how the customer was told, and until when he has a reply."""

    told_way = forms.ChoiceField(
        label=_("The reason was explained to the customer"), choices=Case.Way
    )
    reply_due_at = MomentField(label=_("Reply agreed until"))

    def shape(self) -> None:
        self.fields["told_way"].initial = self.case.way


class AssignForm(ReasonForm):
    """To whom, and why."""

    def shape(self) -> None:
        people = staff_who_handle(but_not=self.case.accused_id)
        self.fields["to"] = StaffField(people, label=_("To"))
        self.order_fields(["to", "reason"])


class JudgeForm(CaseForm):
    """Valid or not."""

    is_valid_case = forms.TypedChoiceField(
        label=_("Judgement"),
        choices=[
            ("yes", pgettext_lazy("complaint", "Valid")),
            ("no", pgettext_lazy("complaint", "Invalid")),
        ],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    judge_reason = long_text(
        _("Reason"),
        rows=2,
        max_length=500,
        help_text=_("Valid is what lies within the contract and the rules of the trade."),
    )
    contract_clause = forms.CharField(label=_("Contract clause"), max_length=200, required=False)
    invalid_choice = forms.ChoiceField(
        label=_("If invalid"),
        choices=[("", "—"), *Case.InvalidChoice.choices[1:]],
        required=False,
    )


class ReviewForm(CaseForm):
    """How grave."""

    safety = forms.TypedChoiceField(
        label=_("Safety"), choices=GRADES, coerce=int, help_text=_("0 none, 3 danger to people")
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=GRADES, coerce=int, help_text=_("0 one person, 3 very many")
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=GRADES, coerce=int, help_text=_("0 can wait, 3 at once")
    )
    is_major = forms.BooleanField(label=_("Major: one level up at once"), required=False)
    is_urgent = forms.BooleanField(
        label=_("Special or urgent: to the manager on duty at once"), required=False
    )
    reason = long_text(_("Reason"), rows=2, required=False, max_length=300)

    def shape(self) -> None:
        self.fields["reason"].required = self.case.severity_score is not None


class StepForm(CaseForm):
    """A step: done with a note, or passed over with a reason."""

    note = long_text(_("Note"), rows=2, required=False, max_length=500)
    skip_reason = long_text(
        _("Reason to pass it over"),
        rows=2,
        required=False,
        max_length=300,
        help_text=_("Only if it is not done. It stands on record."),
    )


class HandOffForm(CaseForm):
    """What, to whom, by when."""

    task = long_text(_("What is to be done"), rows=2, max_length=300)
    due_at = MomentField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Why they"), max_length=300, required=False)

    def shape(self) -> None:
        self.fields["department"] = DepartmentField(label=_("Department"))
        self.order_fields(["department", "task", "due_at", "reason"])


class ProgressForm(CaseForm):
    """What is new, and whether the customer knows."""

    text = long_text(_("What is new"))
    told_way = forms.ChoiceField(
        label=_("The customer was told"),
        choices=[("", _("not yet")), *Case.Way.choices],
        required=False,
        help_text=_("Then he also reads these words on his own page."),
    )
    customer_opinion = forms.CharField(
        label=_("What the customer thinks of it"), max_length=500, required=False
    )


class ResultForm(CaseForm):
    """What came of it."""

    result = long_text(_("Result"))


class ProposalForm(CaseForm):
    """How to handle it."""

    proposal = long_text(_("Proposal"))
    options = long_text(_("Other options, and the compromise"), rows=2, required=False)


class DecisionForm(CaseForm):
    """Yes or no."""

    is_granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Approve")), ("no", _("Do not approve"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    words = long_text(_("Words"), rows=2, required=False, max_length=500)


class RemedyForm(CaseForm):
    """What is offered, and what it costs us."""

    code = forms.ChoiceField(label=_("Remedy"))
    amount = forms.DecimalField(
        label=_("Amount (yuan)"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    cost = forms.DecimalField(
        label=_("Cost to us (yuan)"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def shape(self) -> None:
        kinds = self.case.kind.defined.remedies
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name) for one in kinds
        ]

    def fen(self, name: str) -> int:
        """The amount in fen; ask only after is_valid()."""
        return int((self.cleaned_data[name] or Decimal(0)) * 100)


class SettleForm(CaseForm):
    """What the customer says to a remedy, or that it was carried out."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("accepted", _("Accepted")),
            ("declined", _("Declined by the customer")),
            ("done", _("Carried out")),
        ],
    )
    customer_words = forms.CharField(label=_("Customer's words"), max_length=300, required=False)


class AnswerForm(CaseForm):
    """What the customer was told."""

    way = forms.ChoiceField(label=_("Answered"), choices=Case.Way)
    text = long_text(_("What the customer was told"))
    works_from = MomentField(label=_("Concrete time of the work"), required=False)
    method = forms.CharField(label=_("Concrete method"), max_length=300, required=False)
    is_not_ours = forms.BooleanField(
        label=_("Not the company's duty: explained above"), required=False
    )
    other_way_reason = forms.CharField(
        label=_("Why another way than the customer's"), max_length=300, required=False
    )

    def shape(self) -> None:
        ways = fitting_ways(self.case)
        first = self.case.way if self.case.way in ways else sorted(ways)[0]
        self.fields["way"].initial = first


class ReplyForm(CaseForm):
    """What the customer says to the answer."""

    is_accepted = forms.TypedChoiceField(
        label=_("The customer"),
        choices=[("yes", _("accepts it")), ("no", _("does not accept it"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    words = long_text(_("Customer's words"), rows=2, required=False, max_length=500)


class PromiseForm(CaseForm):
    """What, and by when."""

    text = forms.CharField(label=_("What was promised"), max_length=300)
    due_at = MomentField(label=_("Until"))


class TroubleForm(CaseForm):
    """What came up."""

    trouble = long_text(_("What came up"), rows=2, max_length=300)


class FollowUpForm(CaseForm):
    """How the follow-up went."""

    result = forms.ChoiceField(
        label=_("Result"), choices=FollowUpDuty.Result.choices[1:], widget=forms.RadioSelect
    )
    way = forms.ChoiceField(label=_("Way"), choices=Case.Way, initial=Case.Way.CALL)
    words = long_text(_("Customer's words"), required=False)


class ArchiveForm(CaseForm):
    """What the archive asks for."""

    cause_evidence = forms.CharField(
        label=_("Evidence"),
        max_length=500,
        required=False,
        help_text=_("Needed where the cause lies with the customer."),
    )
    corrective_action = long_text(_("Corrective action"), rows=2, required=False)
    is_won_back = forms.TypedChoiceField(
        label=_("Won back"),
        choices=[("", _("please choose")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        required=False,
    )

    def shape(self) -> None:
        cause = CaseCategory.Axis.CAUSE
        self.fields["cause"] = NodeField(
            self.case.kind,
            cause,
            label=_("Root cause"),
            required=self.case.kind.defined.needs_cause,
        )
        self.order_fields(["cause", "cause_evidence", "corrective_action", "is_won_back"])
        if not self.case.is_complaint:
            del self.fields["is_won_back"]


class AdviceForm(CaseForm):
    """Advice from above."""

    advice = long_text(_("Advice"), rows=3, max_length=500)


class PaperForm(CaseForm):
    """A file, and what it is."""

    title = forms.CharField(
        label=_("What it is"), max_length=120, help_text=_("For example: signed sheet, photo")
    )
    file = forms.FileField(label=_("File"))
