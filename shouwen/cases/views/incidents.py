"""Incidents: one cause behind many cases, one message to all."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.cases.forms.relating import (
    BelongsForm,
    EndForm,
    IncidentForm,
    JoinForm,
    NoForm,
    TellForm,
)
from shouwen.cases.operations import relating
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import with_names
from shouwen.cases.queries.relating import cases_of_incident, incidents, messages_of
from shouwen.cases.views.pages import visible_case
from shouwen.customers.queries import shown_name
from shouwen.ui.dialogs import Dialog, act_in_dialog

SHOWN = 200
handles = permission_required(CasePermission.HANDLE)
asks = require_http_methods(["GET", "POST"])


@require_safe
@handles
def incident_list(request: StaffRequest) -> HttpResponse:
    """Incidents, those that run first."""
    rows = list(incidents()[:SHOWN])
    return render(request, "cases/incidents.html", {"rows": rows, "at": timezone.now()})


@require_safe
@handles
def incident_detail(request: StaffRequest, incident_id: int) -> HttpResponse:
    """One incident: its cases, each counted by itself, and what all were told."""
    incident = get_object_or_404(incidents(), pk=incident_id)
    found = with_names(cases_of_incident(incident, request.user))
    rows = [(case, shown_name(case.customer, request.user)) for case in found[:SHOWN]]
    context = {
        "incident": incident,
        "rows": rows,
        "hidden_count": max(0, incident.cases.count() - len(rows)),
        "messages_told": messages_of(incident),
        "at": timezone.now(),
    }
    fragment = "#whole" if request.headers.get("HX-Request") else ""
    return render(request, f"cases/incident.html{fragment}", context)


def sent(request: StaffRequest) -> QueryDict | None:
    """What was sent with the dialog, perhaps nothing at all; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def ask(
    request: StaffRequest,
    form: forms.Form,
    words: tuple[str | Promise, str | Promise, str | Promise],
    do: Callable[[], object],
    *,
    said: str,
    changes: str = "incident:changed",
) -> HttpResponse:
    """A dialog with a title, a button and a line of explanation."""
    title, submit, text = words
    dialog = Dialog(
        title=title, url=request.get_full_path(), submit=submit, changes=changes, text=text
    )
    return act_in_dialog(request, dialog, form, do, said)


@asks
@handles
def incident_new(request: StaffRequest) -> HttpResponse:
    """Name the cause."""
    initial = {"found_at": timezone.localtime(), "numbers": request.GET.get("numbers", "")}
    form = IncidentForm(sent(request), staff=request.user, initial=initial)

    def do() -> object:
        entered = form.cleaned_data
        names = ("title", "event_type", "found_at", "measures")
        draft = relating.IncidentDraft(**{name: entered[name] for name in names})
        return relating.declare_incident(
            draft, case_ids=form.case_ids, by=request.user, at=timezone.now()
        )

    words = (_("New incident"), _("Save"), _("One cause behind several cases."))
    return ask(request, form, words, do, said=_("The incident stands."))


@asks
@handles
def incident_join(request: StaffRequest, incident_id: int) -> HttpResponse:
    """Add cases by their numbers."""
    incident = get_object_or_404(incidents(), pk=incident_id)
    form = JoinForm(sent(request), staff=request.user)

    def do() -> object:
        return relating.join_incident(incident.pk, case_ids=form.case_ids, by=request.user)

    words = (_("Add cases"), _("Add"), incident.title)
    return ask(request, form, words, do, said=_("Added."))


@asks
@handles
def incident_tell(request: StaffRequest, incident_id: int) -> HttpResponse:
    """One message to all."""
    incident = get_object_or_404(incidents(), pk=incident_id)
    form = TellForm(sent(request))

    def do() -> object:
        text, at = form.cleaned_data["text"], timezone.now()
        return relating.tell_incident(incident.pk, text=text, by=request.user, at=at)

    words = (_("One message to all"), _("Tell all"), incident.title)
    return ask(request, form, words, do, said=_("It stands on every open case as told."))


@asks
@handles
def incident_end(request: StaffRequest, incident_id: int) -> HttpResponse:
    """The cause is gone."""
    incident = get_object_or_404(incidents(), pk=incident_id)
    form = EndForm(sent(request))

    def do() -> object:
        result, at = form.cleaned_data["result"], timezone.now()
        return relating.end_incident(incident.pk, result=result, by=request.user, at=at)

    text = _("Each case is still answered and closed by itself.")
    return ask(request, form, (_("It is over"), _("Over"), text), do, said=_("Saved."))


@asks
@handles
def case_incident(request: StaffRequest, case_id: int) -> HttpResponse:
    """A case joins an incident, or leaves the one it belongs to."""
    case, by = visible_case(request, case_id), request.user
    if case.incident:
        words = (_("Take out of the incident"), _("Take out"), str(case.incident.title))
        form: forms.Form = NoForm(sent(request))
        return ask(
            request,
            form,
            words,
            lambda: relating.leave_incident(case.pk, by=by),
            said=_("Saved."),
            changes="case:changed",
        )
    form = BelongsForm(sent(request))

    def do() -> object:
        incident = form.cleaned_data["incident"]
        return relating.join_incident(incident.pk, case_ids=[case.pk], by=by)

    text = _("One cause behind several cases; each is counted by itself.")
    words = (_("Belongs to an incident"), _("Save"), text)
    return ask(request, form, words, do, said=_("Saved."), changes="case:changed")
