"""Numbers entered by hand, reports, and their calendar."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department, Role, Staff
from shouwen.cases.models import CaseCategory, EnteredFigure, ReportRule
from shouwen.cases.operations.entering import FigureGiven
from shouwen.cases.operations.reporting import TEXT_LONGEST, RuleChange
from shouwen.core.periods import SPAN_NAMES, Period, Span, period_of

MONTHS = [("", _("The whole year")), *((str(month), str(month)) for month in range(1, 13))]


class EnteredForm(forms.Form):
    """One number of earlier years, of a business line's users, or of reviews."""

    measure = forms.ChoiceField(label=_("What it counts"), choices=EnteredFigure.Measure)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    month = forms.TypedChoiceField(
        label=_("Month"), choices=MONTHS, coerce=int, empty_value=None, required=False
    )
    line = forms.ModelChoiceField(
        label=_("Business line"),
        queryset=CaseCategory.objects.none(),
        required=False,
        help_text=_("For users or orders only."),
    )
    value = forms.IntegerField(label=_("Number"), min_value=0, max_value=10**12)
    is_at_least = forms.BooleanField(
        label=_("At least"), required=False, help_text=_("Shown with a plus: 200+.")
    )
    note = forms.CharField(label=_("Where it comes from"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lines = CaseCategory.objects.filter(axis=CaseCategory.Axis.CATEGORY, parent=None)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = lines.filter(is_active=True).order_by("kind", "position", "pk")

    @property
    def given(self) -> FigureGiven:
        """What was entered."""
        return FigureGiven(**self.cleaned_data)


class BeginReportForm(forms.Form):
    """A report outside the calendar: of which period and department."""

    span = forms.ChoiceField(
        label=_("Period"),
        choices=[(span.value, name) for span, name in SPAN_NAMES.items() if span != Span.OWN],
    )
    day = forms.DateField(
        label=_("A day in it"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("The whole company"),
    )

    def __init__(self, *args: Any, staff: Staff, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = staff.reach_departments().active().in_tree_order()
        if staff.reach != Role.Reach.ALL:
            field.required, field.empty_label = True, None

    @property
    def period(self) -> Period:
        """The period that was chosen."""
        return period_of(Span(self.cleaned_data["span"]), self.cleaned_data["day"])


class ReportTextForm(forms.Form):
    """What the supervisor says to the figures."""

    text = forms.CharField(
        label=_("Words to the figures"),
        required=False,
        max_length=TEXT_LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class RuleForm(forms.Form):
    """When a report is due, and who writes and receives it."""

    due_time = forms.TimeField(
        label=_("Due at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    due_days = forms.IntegerField(
        label=_("Days after the period ends"), min_value=0, max_value=60,
        help_text=_("0: on its last day."),
    )  # fmt: skip
    warn_minutes = forms.IntegerField(
        label=_("Reminded before (minutes)"), min_value=0, max_value=60 * 24 * 30
    )
    writer_role = forms.ChoiceField(label=_("Written by"))
    reader_role = forms.ChoiceField(label=_("Received by"))
    is_active = forms.BooleanField(label=_("The calendar asks for it"), required=False)

    def __init__(self, *args: Any, rule: ReportRule, **options: Any) -> None:
        hours, minutes = divmod(rule.due_minutes, 60)
        names = ("due_days", "warn_minutes", "writer_role", "reader_role", "is_active")
        known = {name: getattr(rule, name) for name in names}
        options["initial"] = {**known, "due_time": time(hours, minutes)}
        super().__init__(*args, **options)
        roles = [(role.code, role.name) for role in Role.objects.order_by("position", "code")]
        for name in ("writer_role", "reader_role"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
            field.choices = roles

    @property
    def change(self) -> RuleChange:
        """What was chosen."""
        entered = dict(self.cleaned_data)
        due = entered.pop("due_time")
        return RuleChange(due_minutes=due.hour * 60 + due.minute, **entered)
