"""What people type about working hours."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shouwen.core.errors import Refused
from shouwen.deadlines.arithmetic import Spans
from shouwen.deadlines.hours import read_hours, write_hours
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.operations import DayHours, Hours
from shouwen.deadlines.zones import zone_choices
from shouwen.ui.fields import MomentField

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class HoursField(forms.CharField):
    """Hours such as 8:30-12:00, 13:30-17:30; empty means closed."""

    def __init__(self, **options: object) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("closed")})
        super().__init__(required=False, max_length=200, widget=widget, **options)  # type: ignore[arg-type]

    def clean(self, value: object) -> Spans:
        """The spans of the day."""
        try:
            return read_hours(str(super().clean(value)))
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


class CalendarForm(forms.Form):
    """Name, time zone and week of a calendar."""

    name = forms.CharField(label=_("Name"), max_length=80)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    follows_holidays = forms.BooleanField(
        label=_("Closed on public holidays, open on make-up days"), required=False
    )

    def __init__(
        self, *args: object, calendar: WorkCalendar | None = None, **options: object
    ) -> None:
        if calendar is not None:
            options.setdefault("initial", _initial(calendar))
        super().__init__(*args, **options)  # type: ignore[arg-type]
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101 - tells the type checker
        zone.choices = zone_choices(calendar.time_zone if calendar else "")
        for place, weekday in enumerate(WEEKDAYS):
            self.fields[f"day_{place}"] = HoursField(label=weekday)

    @property
    def days(self) -> list[forms.BoundField]:
        """The seven fields of the week."""
        return [self[f"day_{place}"] for place in range(7)]

    @property
    def hours(self) -> Hours:
        """What was typed; ask only after is_valid()."""
        given = self.cleaned_data
        return Hours(
            name=given["name"],
            time_zone=given["time_zone"],
            week=tuple(given[f"day_{place}"] for place in range(7)),
            follows_holidays=given["follows_holidays"],
        )


def _initial(calendar: WorkCalendar) -> dict[str, object]:
    week = {f"day_{place}": write_hours(spans) for place, spans in enumerate(calendar.week_spans)}
    return {
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "follows_holidays": calendar.follows_holidays,
        **week,
    }


class DayForm(forms.Form):
    """A day that differs."""

    class Kind:
        CLOSED, ORDINARY, OWN = "closed", "ordinary", "own"

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(
        label=_("On this day"),
        choices=[
            (Kind.CLOSED, _("closed")),
            (Kind.ORDINARY, _("worked like an ordinary day")),
            (Kind.OWN, _("open at these hours")),
        ],
    )
    spans = HoursField(label=_("Hours"))
    name = forms.CharField(label=_("Reason"), max_length=80, required=False)
    is_common = forms.BooleanField(
        label=_("Holds for all calendars that follow public holidays"), required=False
    )

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("auto_id", "day_%s")  # another form of the page has a name, too
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def clean(self) -> dict[str, object]:
        """Own hours must be given."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") == self.Kind.OWN and not given.get("spans") and "spans" in given:
            self.add_error("spans", _("Write the hours of this day."))
        return given

    @property
    def hours(self) -> DayHours:
        """What was typed; ask only after is_valid()."""
        given = self.cleaned_data
        kind = given["kind"]
        return DayHours(
            spans=given["spans"] if kind == self.Kind.OWN else (),
            is_ordinary=kind == self.Kind.ORDINARY,
            name=given["name"],
        )


class TryForm(forms.Form):
    """A promise to try out."""

    start = MomentField(
        label=_("Asked at"),
    )
    minutes = forms.IntegerField(
        label=_("Working minutes"), min_value=0, max_value=60 * 24 * 366, initial=240
    )
