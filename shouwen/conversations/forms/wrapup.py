"""The summary at the end of a contact."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from shouwen.conversations.models import SummaryPoint, WrapUp
from shouwen.conversations.operations.wrapups import POINT_LIMIT, Point, Summary
from shouwen.conversations.queries.log import contact_kinds


class WrapUpForm(forms.Form):
    """What it was about and what comes next. What must be filled in, the operation says."""

    kind = forms.ChoiceField(label=_("Kind"), initial="enquiry", widget=forms.RadioSelect)
    demand = forms.CharField(
        label=_("What the customer wanted"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    next_action = forms.CharField(
        label=_("What happens next"),
        max_length=300,
        required=False,
        help_text=_("Needed when a point is not solved."),
    )
    motive = forms.CharField(label=_("Motive"), max_length=200, required=False)
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    needs = forms.CharField(
        label=_("Needs and opinions heard"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)  # noqa: S101 - tells the type checker
        kinds.choices = [(one.code, one.name) for one in contact_kinds()]


class PointForm(forms.Form):
    """One point the customer raised."""

    text = forms.CharField(
        label=_("Point"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("What was asked or complained about")}),
    )
    sort = forms.ChoiceField(
        label=_("Sort"),
        required=False,
        choices=[("", _("Question")), *SummaryPoint.Sort.choices],
    )
    is_solved = forms.BooleanField(label=_("Solved"), required=False)


PointFormSet: type[BaseFormSet[PointForm]] = formset_factory(
    PointForm, extra=0, min_num=1, max_num=POINT_LIMIT, validate_max=True
)


def summary_of(
    form: WrapUpForm, points: BaseFormSet[PointForm], answers: Mapping[int, str]
) -> Summary:
    """What was typed, as the operation takes it; empty rows are no points."""
    given = form.cleaned_data
    rows = [row.cleaned_data for row in points if getattr(row, "cleaned_data", None)]
    return Summary(
        kind=given["kind"],
        demand=given["demand"],
        motive=given["motive"],
        place=given["place"],
        next_action=given["next_action"],
        needs=given["needs"],
        answers=answers,
        points=tuple(
            Point(text=row["text"], is_solved=row["is_solved"], sort=row["sort"])
            for row in rows
            if row.get("text", "").strip()
        ),
    )


def initial_of(wrap_up: WrapUp | None) -> tuple[dict[str, object], list[dict[str, object]]]:
    """A kept draft as the initial values of form and points."""
    if wrap_up is None:
        return {}, []
    names = ("demand", "motive", "place", "next_action", "needs")
    fields: dict[str, object] = {name: getattr(wrap_up, name) for name in names}
    fields["kind"] = wrap_up.kind_id
    points: list[dict[str, object]] = [
        {"text": one.text, "sort": one.sort, "is_solved": one.solved_at is not None}
        for one in wrap_up.points.all()
    ]
    return fields, points
