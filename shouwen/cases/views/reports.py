"""Kept reports: what is owed, the archive, one report, the calendar."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.cases.forms.figures import BeginReportForm, ReportTextForm, RuleForm
from shouwen.cases.models import ReportRule
from shouwen.cases.operations.reporting import (
    begin_report,
    change_report_rule,
    count_report,
    file_report,
    write_report,
)
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.reports import (
    open_rows_for,
    report_rules,
    reports_in_order,
    scope_of,
    visible_reports,
)
from shouwen.cases.views.figures import figure_tabs
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page

PAGE = 30
sees_reports = any_staff("what is shown starts from visible_reports")


@require_http_methods(["GET", "HEAD", "POST"])
@sees_reports
def report_list(request: StaffRequest) -> HttpResponse:
    """Reports owed, reports in the archive, the calendar; and a new one outside it."""
    may_direct = request.user.may(CasePermission.DIRECT)
    form = _begin_form(request) if may_direct else None
    if request.method == "POST" and form and form.is_valid():
        try:
            made = begin_report(
                form.period,
                department=form.cleaned_data["department"],
                by=request.user,
                at=timezone.now(),
            )
            return redirect("cases:report", made.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "tabs": figure_tabs("reports"),
        "owed": list(reports_in_order(request.user, is_filed=False)[:PAGE]),
        "page": keyset_page(
            reports_in_order(request.user, is_filed=True),
            order=("-last_day", "-pk"),
            after=request.GET.get("after", ""),
            size=PAGE,
        ),
        "rules": report_rules(),
        "form": form,
        "may_direct": may_direct,
        "may_configure": request.user.may(CasePermission.CONFIGURE),
        "at": timezone.now(),
    }
    status = 422 if form and form.errors else 200
    return render(request, "cases/reports/list.html", context, status=status)


def _begin_form(request: StaffRequest) -> BeginReportForm:
    today = local_day(timezone.now())
    return BeginReportForm(
        request.POST or None, staff=request.user, initial={"span": "week", "day": today}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sees_reports
def report(request: StaffRequest, report_id: int) -> HttpResponse:
    """One report: its figures as they were counted, the words to them, who made it and when."""
    found = get_object_or_404(visible_reports(request.user), pk=report_id)
    form = ReportTextForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            write_report(found.pk, form.cleaned_data["text"], by=request.user, at=timezone.now())
            return redirect("cases:report", found.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _report_page(request, report_id, form)


def _report_page(request: StaffRequest, report_id: int, form: ReportTextForm) -> HttpResponse:
    found = get_object_or_404(
        visible_reports(request.user).select_related("counted_by"), pk=report_id
    )
    shown, hidden = open_rows_for(found, request.user)
    context: dict[str, Any] = {
        "report": found,
        "form": form,
        "scope": scope_of(found),
        "open_rows": shown,
        "hidden": hidden,
        "may_direct": request.user.may(CasePermission.DIRECT),
        "at": timezone.now(),
    }
    return render(request, "cases/reports/report.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(CasePermission.DIRECT)
def count(request: StaffRequest, report_id: int) -> HttpResponse:
    """Count the figures of a report anew."""
    return _done(request, report_id, lambda: count_report(
        report_id, by=request.user, at=timezone.now()
    ))  # fmt: skip


@require_POST
@permission_required(CasePermission.DIRECT)
def file(request: StaffRequest, report_id: int) -> HttpResponse:
    """Put a report into the archive: nothing of it changes any more."""
    return _done(request, report_id, lambda: file_report(
        report_id, by=request.user, at=timezone.now()
    ))  # fmt: skip


def _done(request: StaffRequest, report_id: int, act: Any) -> HttpResponse:
    found = get_object_or_404(visible_reports(request.user), pk=report_id)
    form = ReportTextForm(initial={"text": found.text})
    try:
        act()
    except Refused as refusal:
        form = ReportTextForm({"text": found.text})
        form.add_error(None, str(refusal))
        return _report_page(request, report_id, form)
    return redirect("cases:report", report_id)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CasePermission.CONFIGURE)
def rule(request: StaffRequest, report_rule_id: int) -> HttpResponse:
    """When a report of the calendar is due, who writes and who receives it."""
    found = get_object_or_404(ReportRule.objects.select_related("department"), pk=report_rule_id)
    form = RuleForm(request.POST or None, rule=found)
    if request.method == "POST" and form.is_valid():
        change_report_rule(found.pk, form.change, by=request.user)
        return redirect("cases:reports")
    status = 422 if form.errors else 200
    return render(request, "cases/reports/rule.html", {"rule": found, "form": form}, status=status)
