"""What is asked about incidents, misconduct and letters."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases.forms.fields import StaffField, long_text
from shouwen.cases.models import Case, Incident, Misconduct
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.relating import cases_to_join, running_incidents
from shouwen.ui.fields import MomentField

NUMBER = re.compile(r"[A-Za-z]{2,6}-\d{6}-\d+")
if TYPE_CHECKING:
    IncidentChoice = forms.ModelChoiceField[Incident]
else:
    IncidentChoice = forms.ModelChoiceField


class StaffedForm(forms.Form):
    """Base: what may be chosen depends on who asks."""

    def __init__(self, *args: Any, staff: Staff, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staff = staff
        self.shape()

    def shape(self) -> None:
        """Fit the fields to who asks."""


class CasesField(forms.CharField):
    """Numbers of cases, in any order, with anything between them."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 2})
        super().__init__(max_length=5000, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        return [number.upper() for number in NUMBER.findall(super().to_python(value) or "")]


class JoinForm(StaffedForm):
    """Which cases belong to it."""

    numbers = CasesField(
        label=_("Numbers of cases"), help_text=_("For example TS-202611-0041, TS-202611-0042")
    )

    @property
    def case_ids(self) -> list[int]:
        """The cases named; ask only after is_valid()."""
        return [one.pk for one in cases_to_join(self.staff, self.cleaned_data["numbers"])]

    def clean_numbers(self) -> list[str]:
        """Every number is one of an open case that may be seen."""
        numbers: list[str] = self.cleaned_data["numbers"]
        known = {one.number for one in cases_to_join(self.staff, numbers)}
        if unknown := [one for one in numbers if one not in known]:
            words = _("No open case that you may see has this number: %s")
            raise forms.ValidationError(words % ", ".join(unknown))
        return numbers


class IncidentForm(JoinForm):
    """One cause behind many cases."""

    title = forms.CharField(label=_("What happened"), max_length=120)
    event_type = forms.CharField(
        label=_("Kind of event"),
        max_length=80,
        required=False,
        help_text=_("For example: power cut, lift fault, system failure"),
    )
    found_at = MomentField(label=_("Found at"))
    measures = long_text(_("Measures taken"), rows=2, required=False)

    def shape(self) -> None:
        self.fields["numbers"].required = False
        self.order_fields(["title", "event_type", "found_at", "measures", "numbers"])


class TellForm(forms.Form):
    """One message to all."""

    text = long_text(
        _("Message"),
        help_text=_("It stands on every open case as told, and goes out to whoever left a mail."),
    )


class EndForm(forms.Form):
    """What came of it."""

    result = long_text(_("Result"))


class NoForm(forms.Form):
    """Nothing is asked."""


class IncidentField(IncidentChoice):
    """A running incident."""

    def label_from_instance(self, obj: Incident) -> str:
        return f"{obj.number} {obj.title}"


class BelongsForm(forms.Form):
    """To which incident a case belongs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["incident"] = IncidentField(running_incidents(), label=_("Incident"))


class WrongForm(StaffedForm):
    """What somebody saw."""

    kind = forms.ChoiceField(label=_("What"), choices=Misconduct.Kind, widget=forms.RadioSelect)
    text = long_text(_("What happened"), help_text=_("When, where, who else saw it."))
    number = forms.CharField(
        label=_("Number of the case"),
        max_length=24,
        required=False,
        help_text=_("If it was about one."),
    )

    def shape(self) -> None:
        people = Staff.objects.active().people().exclude(pk=self.staff.pk)
        self.fields["staff"] = StaffField(list(people.only("pk")), label=_("Who"))
        self.order_fields(["staff", "kind", "text", "number"])

    def clean_number(self) -> Case | None:
        """The case it was about."""
        number = self.cleaned_data["number"].strip().upper()
        if not number:
            return None
        case = visible_cases(self.staff).filter(number=number).first()
        if case is None:
            raise forms.ValidationError(_("You may see no case with this number."))
        return case


class GradeForm(forms.Form):
    """How grave."""

    grade = forms.TypedChoiceField(
        label=_("Grade"),
        choices=[one for one in Misconduct.Grade.choices if one[0]],
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = long_text(_("Reason"), rows=2, max_length=500)


class LetterForm(forms.Form):
    """What the leader writes on a letter."""

    instruction = long_text(_("Instruction"), rows=3, required=False, max_length=500)
