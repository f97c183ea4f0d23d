"""The service hours: calendars, days that differ, a preview, and a promise to try."""

import zoneinfo
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.deadlines.arithmetic import Explanation, NeverOpen, explain
from shouwen.deadlines.forms import CalendarForm, DayForm, TryForm
from shouwen.deadlines.holidays import published_until
from shouwen.deadlines.hours import write_hours
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.operations import (
    change_calendar,
    create_calendar,
    make_calendar_default,
    remove_calendar_day,
    set_calendar_day,
)
from shouwen.deadlines.permissions import DeadlinePermission
from shouwen.deadlines.queries import (
    calendars,
    days_that_differ,
    preview,
    schedule_of,
    service_state,
)
from shouwen.ui.toasts import with_toast


@require_safe
@permission_required(DeadlinePermission.SEE_CALENDARS)
def calendar_list(request: StaffRequest) -> HttpResponse:
    """All calendars, and whether service goes on now."""
    at = timezone.now()
    rows = [
        {"calendar": one, "state": service_state(one, at), "week": _week_lines(one)}
        for one in calendars()
    ]
    return render(
        request,
        "deadlines/calendars.html",
        {"rows": rows, "published_until": published_until(), "may_edit": _may_edit(request)},
    )


def _may_edit(request: StaffRequest) -> bool:
    return request.user.may(DeadlinePermission.EDIT_CALENDARS)


def _week_lines(calendar: WorkCalendar) -> list[str]:
    """The week in few words: neighbouring days with equal hours are one line."""
    short = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    lines: list[tuple[int, int, str]] = []
    for place, spans in enumerate(calendar.week_spans):
        text = write_hours(spans) or _("closed")
        if lines and lines[-1][2] == text:
            lines[-1] = (lines[-1][0], place, text)
        else:
            lines.append((place, place, text))
    return [f"{_days(short[first], short[last])} {text}" for first, last, text in lines]


def _days(first: str, last: str) -> str:
    """A weekday, or from one to another."""
    if first == last:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


@permission_required(DeadlinePermission.EDIT_CALENDARS)
def calendar_new(request: StaffRequest) -> HttpResponse:
    """A new calendar."""
    form = CalendarForm(request.POST or None, initial={"follows_holidays": True})
    if request.method == "POST" and form.is_valid():
        code = f"calendar-{get_random_string(12).lower()}"
        calendar = create_calendar(code, hours=form.hours, by=request.user)
        return redirect("deadlines:calendar", calendar.pk)
    status = 422 if form.errors else 200
    return render(request, "deadlines/calendar_new.html", {"form": form}, status=status)


@permission_required(DeadlinePermission.SEE_CALENDARS)
def calendar_edit(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """One calendar; saving it redraws the page's body."""
    calendar = get_object_or_404(WorkCalendar, pk=calendar_id)
    if request.method != "POST":
        return render(request, "deadlines/calendar.html", _calendar_page(request, calendar))
    form = CalendarForm(request.POST, calendar=calendar)
    if form.is_valid():
        try:
            calendar = change_calendar(calendar_id, hours=form.hours, by=request.user)
            return _body(request, calendar, said=_("Saved. Clocks that run keep their time."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _body(request, calendar, form=form)


@require_POST
@permission_required(DeadlinePermission.EDIT_CALENDARS)
def calendar_make_default(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """This calendar holds where none is named."""
    get_object_or_404(WorkCalendar, pk=calendar_id)
    make_calendar_default(calendar_id, by=request.user)
    return redirect("deadlines:calendars")


@require_POST
@permission_required(DeadlinePermission.EDIT_CALENDARS)
def day_set(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """A day of this calendar, or of all, is given other hours."""
    calendar = get_object_or_404(WorkCalendar, pk=calendar_id)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _body(request, calendar, day_form=form)
    of = None if form.cleaned_data["is_common"] else calendar_id
    set_calendar_day(of, day=form.cleaned_data["day"], hours=form.hours, by=request.user)
    return _body(request, calendar, said=_("The day is entered."))


@require_POST
@permission_required(DeadlinePermission.EDIT_CALENDARS)
def day_remove(request: StaffRequest, calendar_id: int, day_id: int) -> HttpResponse:
    """A day is given back to the week and the published holidays."""
    calendar = get_object_or_404(WorkCalendar, pk=calendar_id)
    remove_calendar_day(day_id, by=request.user)
    return _body(request, calendar, said=_("The day is ordinary again."))


@require_safe
@permission_required(DeadlinePermission.SEE_CALENDARS)
def promise_try(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """When a promise would fall due, and why."""
    calendar = get_object_or_404(WorkCalendar, pk=calendar_id)
    form = TryForm(request.GET)
    told, refusal = None, ""
    if form.is_valid():
        try:
            told = _explained(calendar, form.cleaned_data["start"], form.cleaned_data["minutes"])
        except NeverOpen:
            refusal = _("This calendar has no working time.")
    context = {"calendar": calendar, "try_form": form, "told": told, "refusal": refusal}
    with timezone.override(zoneinfo.ZoneInfo(calendar.time_zone)):
        status = 422 if form.errors else 200
        return render(request, "deadlines/calendar.html#promise", context, status=status)


def _explained(calendar: WorkCalendar, start: datetime, minutes: int) -> Explanation:
    zone = zoneinfo.ZoneInfo(calendar.time_zone)
    typed = timezone.make_naive(start).replace(tzinfo=zone)
    return explain(typed, timedelta(minutes=minutes), schedule_of(calendar))


def _body(
    request: StaffRequest,
    calendar: WorkCalendar,
    *,
    form: CalendarForm | None = None,
    day_form: DayForm | None = None,
    said: str = "",
) -> HttpResponse:
    """The body of the page after a post; 422 with what is wrong."""
    context = _calendar_page(request, calendar)
    if form is not None:
        context["form"] = form
    if day_form is not None:
        context["day_form"] = day_form
    is_wrong = form is not None or day_form is not None
    response = render(
        request, "deadlines/calendar.html#body", context, status=422 if is_wrong else 200
    )
    return with_toast(response, said) if said else response


def _calendar_page(request: StaffRequest, calendar: WorkCalendar) -> dict[str, object]:
    at = timezone.now()
    today = at.astimezone(zoneinfo.ZoneInfo(calendar.time_zone)).date()
    local_now = timezone.make_naive(at, zoneinfo.ZoneInfo(calendar.time_zone))
    return {
        "calendar": calendar,
        "form": CalendarForm(calendar=calendar),
        "day_form": DayForm(initial={"day": today}),
        "try_form": TryForm(initial={"start": local_now}),
        "state": service_state(calendar, at),
        "days": list(days_that_differ(calendar, since=today - timedelta(days=7))),
        "preview": preview(calendar, first=today),
        "published_until": published_until(),
        "may_edit": _may_edit(request),
    }
