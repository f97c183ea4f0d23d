"""The form that a customer fills in himself, and what he adds later."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouwen.cases.definitions import FieldType, FormField
from shouwen.cases.forms.fields import PREFIX, NodeField, input_of, long_text
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.cases.queries.kinds import nodes_of
from shouwen.cases.workflow import ACCEPT
from shouwen.customers.normalising import Unreadable, normalise

TRAP = "homepage"
FEWEST_DIGITS = 7


class RequestForm(forms.Form):
    """What happened, where, and how to reach whoever writes: phone first.

    A field of the kind that asks for a phone number is not asked twice. `homepage` is for machines:
    people do not see it.
    """

    matter = long_text(
        _("What happened?"),
        rows=4,
        help_text=_("In your own words: when, where, what."),
    )
    demand = long_text(_("What would you like us to do?"), rows=2, required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    mail = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("If you give it, we write to you whenever there is news."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=_("I agree that these details are used to handle this matter and to reach me."),
        error_messages={"required": _("Please agree, or we may not keep what you write.")},
    )
    homepage = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, kind: CaseKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self.fields["demand"].required = kind.defined.needs_demand
        axis = CaseCategory.Axis.CATEGORY
        if nodes_of(kind, axis).exists():
            label, nothing = _("What is it about?"), _("not sure")
            self.fields["category"] = NodeField(
                kind, axis, label=label, required=False, empty_label=nothing
            )
        for field in self._asked():
            self.fields[PREFIX + field.code] = self._input(field)

    def _asked(self) -> list[FormField]:
        return [
            one
            for one in self.kind.defined.fields
            if one.for_customer and one.type is not FieldType.PHONE
        ]

    def _input(self, field: FormField) -> forms.Field:
        built = input_of(field, is_required=field.required_from is ACCEPT)
        if field.type is FieldType.MOMENT and field.required_from is ACCEPT:
            built.initial = timezone.localtime
        return built

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The kind's own fields, bound."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed into the kind's own fields; its phone numbers are the one given."""
        typed = {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }
        phones = [one for one in self.kind.defined.fields if one.type is FieldType.PHONE]
        given = self.cleaned_data.get("phone", "")
        return typed | {one.code: given for one in phones if one.for_customer and given}

    def point_at(self, code: str, words: str) -> None:
        """Say it at the field it is about."""
        name = PREFIX + code
        self.add_error(name if name in self.fields else "phone", words)

    def clean_phone(self) -> str:
        """A number that a person can be called at."""
        phone: str = self.cleaned_data["phone"].strip()
        if phone and _unreadable("phone", phone):
            raise forms.ValidationError(_("This is not a phone number we can call."))
        return phone

    def clean_mail(self) -> str:
        """An address that can be written to."""
        mail: str = self.cleaned_data["mail"].strip()
        if mail and _unreadable("mail", mail):
            raise forms.ValidationError(_("This mail address is not complete."))
        return mail

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        has_refused = "phone" in self.errors or "mail" in self.errors
        if not has_refused and not entered.get("phone") and not entered.get("mail"):
            self.add_error("phone", _("Please leave a phone number, so that we can answer you."))
        return entered


def _unreadable(kind: str, value: str) -> bool:
    try:
        normalised = normalise(kind, value)
    except Unreadable:
        return True
    return kind == "phone" and sum(c.isdigit() for c in normalised) < FEWEST_DIGITS


class WordForm(forms.Form):
    """A word added on the status page."""

    text = long_text(_("Add a word"), rows=3, required=False)


class SolvedForm(forms.Form):
    """Whether the answer solves it."""

    is_solved = forms.TypedChoiceField(
        choices=[("yes", _("Solved")), ("no", _("Not solved"))],
        coerce=lambda word: word == "yes",
    )
    words = long_text(_("What is not solved yet?"), rows=2, required=False, max_length=500)
