"""Rows of a kind: form fields, steps, deadlines, one small form each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from shouwen.cases.definitions import FieldType
from shouwen.cases.mistakes import place_of, words_for
from shouwen.cases.models import Case
from shouwen.deadlines.queries import calendars

MOST = 80
EITHER = [("", _("either way")), ("yes", _("yes")), ("no", _("no"))]
NATURES = {
    "all": _("all cases"),
    "ordinary": _("ordinary ones"),
    "urgent": _("special or urgent ones"),
    "major": _("major ones"),
}
TRUTH = {"yes": True, "no": False}
TYPES = {
    FieldType.TEXT: _("one line"),
    FieldType.LONG_TEXT: _("several lines"),
    FieldType.NUMBER: _("a number"),
    FieldType.MONEY: _("an amount of money"),
    FieldType.DATE: _("a day"),
    FieldType.MOMENT: _("a day and time"),
    FieldType.CHOICE: _("one of a list"),
    FieldType.CHOICES: _("several of a list"),
    FieldType.YES_NO: _("yes or no"),
    FieldType.PHONE: _("a phone number"),
}


class Row(forms.Form):
    """Base: one entry of a list of the kind; a row behind them without its `keys` is none."""

    keys: ClassVar[tuple[str, ...]] = ("code", "name")

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name)) for name in self.keys)

    @classmethod
    def initial_of(cls, entry: dict[str, Any]) -> dict[str, Any]:
        """An entry of the definition as the form shows it."""
        return entry

    def entry(self) -> dict[str, Any]:
        """What was typed as an entry of the definition; ask only after is_valid()."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def point_at(self, name: str, words: str) -> None:
        """Say a mistake at the field it is about."""
        self.add_error(name if name in self.fields else None, words)


class FieldRow(Row):
    """A field of the form."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=80)
    type = forms.ChoiceField(label=_("Holds"), choices=list(TYPES.items()))
    required_from = forms.ChoiceField(
        label=_("Must be filled from"),
        choices=[("", _("never")), *Case.Stage.choices],
        required=False,
    )
    help = forms.CharField(label=_("Help"), max_length=2000, required=False)
    print_name = forms.CharField(label=_("Name on paper"), max_length=80, required=False)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: code, a space, the name."),
    )
    is_place = forms.BooleanField(label=_("Says where it happened"), required=False)
    for_customer = forms.BooleanField(
        label=_("Customers fill it in themselves"), required=False, initial=True
    )

    @classmethod
    def initial_of(cls, entry: dict[str, Any]) -> dict[str, Any]:
        lines = [
            " ".join(
                [one["code"], one["name"], *(["→", one["hands_to"]] if "hands_to" in one else [])]
            )
            for one in entry.get("choices", ())
        ]
        return {
            "type": FieldType.TEXT.value,
            "for_customer": True,
            **entry,
            "choices": "\n".join(lines),
        }

    def entry(self) -> dict[str, Any]:
        typed = super().entry()
        lines = [line.split(maxsplit=1) for line in typed.pop("choices", "").splitlines()]
        if choices := [_choice(words) for words in lines if words]:
            typed["choices"] = choices
        return typed


def _choice(words: list[str]) -> dict[str, str]:
    name, _arrow, department = (words[1] if len(words) > 1 else "").partition("→")
    read = {"code": words[0], "name": name.strip(), "hands_to": department.strip()}
    return {key: value for key, value in read.items() if value or key != "hands_to"}


class StepRow(Row):
    """A step that is ticked off."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=80)
    stage = forms.ChoiceField(label=_("Stage"), choices=Case.Stage)
    is_for = forms.ChoiceField(
        label=_("For"),
        choices=list(NATURES.items()),
    )
    help = forms.CharField(label=_("Help"), max_length=2000, required=False)

    @classmethod
    def initial_of(cls, entry: dict[str, Any]) -> dict[str, Any]:
        return {"is_for": "all", **entry}


class ClockRow(Row):
    """How long a stage may take, and for which cases."""

    keys = ("amount",)
    stage = forms.ChoiceField(label=_("Stage"), choices=Case.Stage)
    amount = forms.IntegerField(label=_("At most"), min_value=0, max_value=60 * 24 * 366)
    unit = forms.ChoiceField(
        label=_("of"),
        choices=[("minutes", _("working minutes")), ("days", _("working days, 0 is today"))],
    )
    warn_minutes = forms.IntegerField(label=_("Warn, minutes before"), min_value=0, initial=60)
    calendar = forms.ChoiceField(label=_("Service hours"), required=False)
    is_urgent = forms.ChoiceField(label=_("Special or urgent"), choices=EITHER, required=False)
    is_major = forms.ChoiceField(label=_("Major"), choices=EITHER, required=False)
    is_handed_over = forms.ChoiceField(label=_("Handed over"), choices=EITHER, required=False)
    priority = forms.ChoiceField(
        label=_("Priority"), choices=[("", _("any")), *Case.Priority.choices], required=False
    )
    way = forms.ChoiceField(
        label=_("Came"), choices=[("", _("any way")), *Case.Way.choices], required=False
    )
    pauses = forms.BooleanField(
        label=_("Stands still while we wait for the customer"), required=False, initial=True
    )
    source = forms.CharField(label=_("Where this is laid down"), max_length=2000, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(one.code, one.name) for one in calendars()]
        named = (self.initial or {}).get("calendar")
        if named and named not in dict(known):
            known.append((named, named))
        field = self.fields["calendar"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [("", _("those of the department")), *known]

    @classmethod
    def initial_of(cls, entry: dict[str, Any]) -> dict[str, Any]:
        unit = "minutes" if "minutes" in entry else "days"
        shown = {"warn_minutes": 60, "pauses": True, **entry}
        for name in ("is_urgent", "is_major", "is_handed_over"):
            if name in entry:
                shown[name] = "yes" if entry[name] else "no"
        return {**shown, "unit": unit, "amount": entry.get(unit)}

    def entry(self) -> dict[str, Any]:
        typed = super().entry()
        typed[typed.pop("unit")] = typed.pop("amount")
        for name in ("is_urgent", "is_major", "is_handed_over"):
            if name in typed:
                typed[name] = TRUTH[typed[name]]
        return typed

    def point_at(self, name: str, words: str) -> None:
        super().point_at("amount" if name in {"minutes", "days"} else name, words)


if TYPE_CHECKING:
    Rows = forms.BaseFormSet[Row]
else:
    Rows = forms.BaseFormSet  # its brackets are for the type checker only


class RowSet(Rows):
    """The rows of one list of the kind, in their order."""

    @property
    def kept(self) -> list[Row]:
        """The rows that count, in the order that was asked for; ask only after is_valid()."""
        rows = [one for one in self.forms if one.has_changed()]
        kept = [one for one in rows if not one.cleaned_data.get("DELETE")]
        return sorted(kept, key=lambda one: one.cleaned_data.get("ORDER") or MOST + 1)

    def entries(self) -> list[dict[str, Any]]:
        """The list as the definition holds it."""
        marks = {"ORDER", "DELETE"}
        return [
            {name: value for name, value in one.entry().items() if name not in marks}
            for one in self.kept
        ]

    def point_at(self, section: str, error: ValidationError) -> list[str]:
        """Say each mistake at its row; those that are about no row come back."""
        left = []
        for one in error.errors(include_url=False):
            place = one["loc"]
            if len(place) > 1 and place[0] == section and isinstance(place[1], int):
                name = str(place[2]) if len(place) > 2 else ""
                self.kept[place[1]].point_at(name, words_for(one))
            else:
                left.append(": ".join(part for part in (place_of(one), words_for(one)) if part))
        return left


def rows_of(row: type[Row], entries: Sequence[dict[str, Any]], posted: Any = None) -> RowSet:
    """The list as forms, with two empty ones behind it."""
    made = forms.formset_factory(
        row,
        formset=RowSet,
        extra=2,
        max_num=MOST,
        validate_max=True,
        can_order=True,
        can_delete=True,
    )
    initial = [row.initial_of(one) for one in entries]
    return made(posted, initial=initial, prefix="row")  # type: ignore[return-value]
