"""Form fields made from the definition of a kind, and those that several forms share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department, Staff
from shouwen.cases.definitions import FieldType, FormField
from shouwen.cases.formvalues import LONG_TEXT_LIMIT, TEXT_LIMIT
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.cases.queries.kinds import nodes_of
from shouwen.ui.fields import MomentField, TreeChoiceField

if TYPE_CHECKING:
    StaffChoice = forms.ModelChoiceField[Staff]
    NodeChoice = forms.ModelChoiceField[CaseCategory]
else:
    StaffChoice = NodeChoice = forms.ModelChoiceField

PREFIX = "value_"


def long_text(label: Any, *, rows: int = 3, required: bool = True, **more: Any) -> forms.CharField:
    """Some lines of text."""
    widget = forms.Textarea(attrs={"rows": rows})
    more.setdefault("max_length", 10_000)
    return forms.CharField(label=label, required=required, widget=widget, **more)


class DepartmentField(TreeChoiceField):
    """An active department, indented by its place in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Department.objects.active().in_tree_order(), **kwargs)


class StaffField(StaffChoice):
    """A colleague, with the department."""

    def __init__(self, people: list[Staff], **kwargs: Any) -> None:
        ids = [one.pk for one in people]
        found = Staff.objects.filter(pk__in=ids).select_related("department")
        super().__init__(found.order_by("sort_key", "pk"), **kwargs)

    def label_from_instance(self, obj: Staff) -> str:
        return f"{obj.name} · {obj.department.name}" if obj.department else obj.name


class NodeField(NodeChoice):
    """A category or a cause, indented below its parent."""

    def __init__(self, kind: CaseKind, axis: str, **kwargs: Any) -> None:
        super().__init__(nodes_of(kind, axis), **kwargs)

    def label_from_instance(self, obj: CaseCategory) -> str:
        return f"{obj.parent.name} / {obj.name}" if obj.parent else obj.name


def input_of(field: FormField, *, is_required: bool) -> forms.Field:
    """The input for a field of a kind's form; formvalues.py has the last word on its value."""
    shared = {"label": field.name, "required": is_required, "help_text": field.help}
    return _INPUTS[field.type](field, shared)


def _choice(field: FormField, shared: dict[str, Any]) -> forms.Field:
    named = [(one.code, one.name) for one in field.choices]
    return forms.ChoiceField(choices=[("", _("please choose")), *named], **shared)


def _choices(field: FormField, shared: dict[str, Any]) -> forms.Field:
    named = [(one.code, one.name) for one in field.choices]
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=named, widget=boxes, **shared)


def _yes_no(field: FormField, shared: dict[str, Any]) -> forms.Field:
    del field
    answers = [("", _("please choose")), ("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(choices=answers, **shared)


def _line(limit: int, **attributes: str) -> Callable[..., forms.Field]:
    def build(field: FormField, shared: dict[str, Any]) -> forms.Field:
        del field
        line = forms.TextInput(attrs=attributes)
        return forms.CharField(max_length=limit, widget=line, **shared)

    return build


_INPUTS: dict[FieldType, Callable[[FormField, dict[str, Any]], forms.Field]] = {
    FieldType.TEXT: _line(TEXT_LIMIT),
    FieldType.PHONE: _line(60, type="tel"),
    FieldType.NUMBER: _line(40, inputmode="decimal"),
    FieldType.MONEY: _line(40, inputmode="decimal"),
    FieldType.LONG_TEXT: lambda _field, shared: long_text(max_length=LONG_TEXT_LIMIT, **shared),
    FieldType.DATE: lambda _field, shared: forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}), **shared
    ),
    FieldType.MOMENT: lambda _field, shared: MomentField(**shared),
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
}
