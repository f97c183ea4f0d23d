"""The form of a case: opened, and changed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import FieldType, KindDefinition
from shouwen.cases.forms.fields import (
    PREFIX,
    DepartmentField,
    NodeField,
    StaffField,
    input_of,
    long_text,
)
from shouwen.cases.models import Case, CaseCategory, CaseKind
from shouwen.cases.queries.people import staff_who_handle
from shouwen.cases.workflow import ACCEPT, place_on_path
from shouwen.customers.permissions import CustomerPermission


def _is_required(defined: KindDefinition, code: str, stage: str) -> bool:
    field = defined.field(code)
    wanted = field.required_from if field else None
    return wanted is not None and place_on_path(wanted) <= place_on_path(stage)


class KindForm(forms.Form):
    """Base: the fields every kind has, and behind them those of this kind."""

    title = forms.CharField(
        label=_("Title"),
        max_length=60,
        required=False,
        help_text=_("Left empty, the first words of the matter."),
    )
    matter = long_text(_("What happened, in the customer's words"), rows=4)
    demand = long_text(_("What is to be solved"), rows=2, required=False)

    def __init__(self, *args: Any, kind: CaseKind, stage: str = ACCEPT, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        defined = kind.defined
        self.fields["demand"].required = defined.needs_demand
        axis = CaseCategory.Axis.CATEGORY
        self.fields["category"] = NodeField(kind, axis, label=_("Category"), required=False)
        for field in defined.fields:
            self.fields[PREFIX + field.code] = input_of(
                field, is_required=_is_required(defined, field.code, stage)
            )

    @property
    def values(self) -> dict[str, Any]:
        """What was typed into the kind's own fields; ask only after is_valid()."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The kind's own fields, bound."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def point_at(self, code: str, words: str) -> None:
        """Say it at the field it is about."""
        name = PREFIX + code
        self.add_error(name if name in self.fields else None, words)


class NewCaseForm(KindForm):
    """What is known when a case is opened."""

    way = forms.ChoiceField(label=_("Came"), choices=Case.Way, widget=forms.RadioSelect)
    customer_name = forms.CharField(label=_("Customer"), max_length=60, required=False)
    customer_phone = forms.CharField(
        label=_("Customer's phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    is_urgent = forms.BooleanField(label=_("Special or urgent"), required=False)
    is_major = forms.BooleanField(label=_("Major"), required=False)
    priority = forms.ChoiceField(
        label=_("Priority"), choices=Case.Priority, initial=Case.Priority.ORDINARY, required=False
    )

    def __init__(self, *args: Any, has_customer: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(
            label=_("Department that owns it"),
            required=False,
            empty_label=_("as the kind says, else mine"),
        )
        self.fields["accused"] = StaffField(
            staff_who_handle(),
            label=_("Person complained about"),
            required=False,
            empty_label=_("nobody in particular"),
        )
        if has_customer:
            del self.fields["customer_name"], self.fields["customer_phone"]

    def clean_priority(self) -> str:
        """What was chosen; kinds whose clocks ask for none have ordinary cases only."""
        return self.cleaned_data["priority"] or Case.Priority.ORDINARY

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if "customer_name" in self.fields and not (
            entered.get("customer_name") or entered.get("customer_phone")
        ):
            self.add_error("customer_name", _("Who is the customer? A name or a phone number."))
        return entered


class ChangeCaseForm(KindForm):
    """The form as it stands, to be put right."""

    kept_values: dict[str, Any]

    @classmethod
    def of(cls, case: Case, posted: Mapping[str, Any] | None, *, staff: Staff) -> "ChangeCaseForm":
        """Filled with what the case says; phone numbers stay unseen by whoever may not see them."""
        initial: dict[str, Any] = {PREFIX + code: value for code, value in case.values.items()}
        for field in case.kind.defined.fields:
            if field.type == "yes_no" and field.code in case.values:
                initial[PREFIX + field.code] = "yes" if case.values[field.code] else "no"
        for name in ("title", "matter", "demand", "category"):
            initial[name] = getattr(case, name)
        form = cls(posted, kind=case.kind, stage=case.stage, initial=initial)
        form.kept_values = {}
        if not staff.may(CustomerPermission.SEE_CLEAR):
            form.hide_phones(case)
        return form

    def hide_phones(self, case: Case) -> None:
        """Numbers that stand there are kept as they are, and not shown."""
        for field in case.kind.defined.fields:
            if field.type == FieldType.PHONE and field.code in case.values:
                self.kept_values[field.code] = case.values[field.code]
                del self.fields[PREFIX + field.code]
