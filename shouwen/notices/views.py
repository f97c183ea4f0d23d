"""Notices, how to be told, the start of the day, faults."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page
from shouwen.notices.forms import FaultForm, ResolveForm, StartOfDayForm
from shouwen.notices.models import FaultReport
from shouwen.notices.operations import (
    Finding,
    check_start_of_day,
    choose_notices,
    mark_notices_read,
    report_fault,
    resolve_fault,
    take_fault,
)
from shouwen.notices.permissions import NoticePermission
from shouwen.notices.queries import (
    checks_on,
    choices_of,
    needs_start_of_day_check,
    unread_count,
    visible_faults,
    visible_notices,
)
from shouwen.ui.toasts import with_toast


@require_safe
@any_staff("everybody sees the own notices only")
def notice_list(request: StaffRequest) -> HttpResponse:
    """The person's notices, the newest first."""
    page = keyset_page(visible_notices(request.user), after=request.GET.get("after", ""))
    context = {"page": page, "unread": unread_count(request.user)}
    return render(request, "notices/list.html", context)


@require_safe
@any_staff("everybody sees the own count only")
def bell(request: StaffRequest) -> HttpResponse:
    """The bell with the number of unread notices."""
    return render(request, "notices/bell.html", {"unread": unread_count(request.user)})


@require_POST
@any_staff("everybody opens the own notices only")
def notice_open(request: StaffRequest, notice_id: int) -> HttpResponse:
    """The notice is read, and the person is where it points."""
    notice = get_object_or_404(visible_notices(request.user), pk=notice_id)
    mark_notices_read([notice.pk], at=timezone.now(), by=request.user)
    return redirect(_own_address(request, notice.url) or "notices:list")


@require_POST
@any_staff("everybody marks the own notices only")
def notices_read(request: StaffRequest) -> HttpResponse:
    """All notices of the person are read."""
    mark_notices_read(None, at=timezone.now(), by=request.user)
    return redirect("notices:list")


@any_staff("everybody chooses for himself")
def preferences(request: StaffRequest) -> HttpResponse:
    """For each kind: in the application, by mail."""
    choices = choices_of(request.user)
    if request.method != "POST":
        return render(request, "notices/preferences.html", {"choices": choices})
    chosen = {
        one.kind.code: (
            f"app:{one.kind.code}" in request.POST,
            f"mail:{one.kind.code}" in request.POST,
        )
        for one in choices
    }
    choose_notices(chosen, by=request.user)
    context = {"choices": choices_of(request.user)}
    response = render(request, "notices/preferences.html#choices", context)
    return with_toast(response, _("Saved."))


@any_staff("everybody looks for himself before the first contact")
def start_of_day(request: StaffRequest) -> HttpResponse:
    """The look at system, phone and network before the first contact (D153)."""
    form = StartOfDayForm(request.POST or None)
    at = timezone.now()
    if request.method == "POST" and form.is_valid():
        check_start_of_day(form.faults, at=at, by=request.user)
        return redirect(
            _own_address(request, request.GET.get("next", "")) or "notices:start_of_day"
        )
    may_see = request.user.may(NoticePermission.HANDLE_FAULTS)
    context = {
        "form": form,
        "is_done": not needs_start_of_day_check(request.user, at=at),
        "checks": list(checks_on(at)) if may_see else [],
    }
    status = 422 if form.errors else 200
    return render(request, "notices/start_of_day.html", context, status=status)


@any_staff("anybody may report a fault; the list is of the own ones, or all for who mends them")
def faults(request: StaffRequest) -> HttpResponse:
    """Faults, and the form to report one (D277, D442)."""
    if request.method != "POST":
        return render(request, "notices/faults.html", _faults_page(request))
    form = FaultForm(request.POST)
    if form.is_valid():
        finding = Finding(**form.cleaned_data, noticed_at=timezone.now())
        fault = report_fault(finding, by=request.user)
        response = render(request, "notices/faults.html#body", _faults_page(request))
        return with_toast(response, _("Fault %s is reported.") % fault.number)
    context = _faults_page(request) | {"form": form}
    return render(request, "notices/faults.html#body", context, status=422)


def _faults_page(request: StaffRequest) -> dict[str, object]:
    shown = visible_faults(request.user)
    is_all = request.GET.get("show") == "all"
    if not is_all:
        shown = shown.exclude(state=FaultReport.State.RESOLVED)
    return {
        "form": FaultForm(),
        "page": keyset_page(shown, after=request.GET.get("after", "")),
        "is_all": is_all,
        "may_handle": request.user.may(NoticePermission.HANDLE_FAULTS),
    }


@require_POST
@permission_required(NoticePermission.HANDLE_FAULTS)
def fault_take(request: StaffRequest, fault_id: int) -> HttpResponse:
    """The person works on the fault."""
    try:
        fault = take_fault(fault_id, by=request.user)
    except Refused as refusal:
        return _fault_refused(request, str(refusal))
    return render(request, "notices/faults.html#fault", {"fault": fault, "may_handle": True})


@permission_required(NoticePermission.HANDLE_FAULTS)
def fault_resolve(request: StaffRequest, fault_id: int) -> HttpResponse:
    """The dialog that asks how, and the fault resolved."""
    fault = get_object_or_404(visible_faults(request.user), pk=fault_id)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resolve_fault(fault_id, **form.cleaned_data, at=timezone.now(), by=request.user)
            return redirect("notices:faults")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "notices/resolve.html", {"fault": fault, "form": form}, status=status)


def _fault_refused(request: StaffRequest, words: str) -> HttpResponse:
    response = render(request, "notices/faults.html#body", _faults_page(request), status=422)
    response["HX-Retarget"] = "#faults"
    return with_toast(response, words, tone="late")


def _own_address(request: StaffRequest, url: str) -> str:
    """The address if it is one of ours, else nothing."""
    hosts = {request.get_host()}
    is_ours = url and url_has_allowed_host_and_scheme(
        url, allowed_hosts=hosts, require_https=request.is_secure()
    )
    return url if is_ours else ""
