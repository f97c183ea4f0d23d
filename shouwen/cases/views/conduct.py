"""Wrongs done in handling: reported by anybody, graded by one, approved by another."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.cases.forms.relating import GradeForm, NoForm, WrongForm
from shouwen.cases.models import Misconduct
from shouwen.cases.operations import conduct
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.relating import visible_misconduct
from shouwen.cases.views.incidents import ask, sent
from shouwen.core.paging import keyset_page

PAGE = 50
CHANGED = "conduct:changed"
reports = permission_required(CasePermission.REPORT_MISCONDUCT)
grades = permission_required(CasePermission.GRADE_MISCONDUCT)
asks = require_http_methods(["GET", "POST"])


@require_safe
@reports
def conduct_list(request: StaffRequest) -> HttpResponse:
    """What I reported; for whoever grades, what waits and what was decided."""
    rows = visible_misconduct(request.user)
    order = ("-reported_at", "-pk")
    page = keyset_page(rows, order=order, after=request.GET.get("after", ""), size=PAGE)
    context = {
        "page": page,
        "may_grade": request.user.may(CasePermission.GRADE_MISCONDUCT),
    }
    return render(request, "cases/conduct.html", context)


@asks
@reports
def conduct_report(request: StaffRequest) -> HttpResponse:
    """Report what one saw. (D640, D704)"""
    initial = {"number": request.GET.get("number", "")}
    form = WrongForm(sent(request), staff=request.user, initial=initial)

    def do() -> object:
        entered = form.cleaned_data
        seen = conduct.WrongSeen(
            staff=entered["staff"],
            kind=entered["kind"],
            text=entered["text"],
            case=entered["number"],
        )
        return conduct.report_misconduct(seen, by=request.user, at=timezone.now())

    text = _("Those who grade read it; the person concerned does not.")
    words = (_("Report misconduct"), _("Report"), text)
    return ask(request, form, words, do, said=_("Reported."), changes=CHANGED)


def _visible(request: StaffRequest, misconduct_id: int) -> Misconduct:
    return get_object_or_404(visible_misconduct(request.user), pk=misconduct_id)


@asks
@grades
def conduct_grade(request: StaffRequest, misconduct_id: int) -> HttpResponse:
    """Propose a grade. (D641)"""
    row = _visible(request, misconduct_id)
    form = GradeForm(sent(request))

    def do() -> object:
        return conduct.grade_misconduct(row.pk, **form.cleaned_data, by=request.user)

    words = (_("Propose a grade"), _("Propose"), row.text)
    return ask(request, form, words, do, said=_("Somebody else approves it."), changes=CHANGED)


@asks
@grades
def conduct_approve(request: StaffRequest, misconduct_id: int) -> HttpResponse:
    """Approve what another proposed."""
    row = _visible(request, misconduct_id)

    def do() -> object:
        return conduct.approve_grade(row.pk, by=request.user, at=timezone.now())

    words = (_("Approve the grade"), _("Approve"), f"{row.get_grade_display()}: {row.grade_reason}")
    form = NoForm(sent(request))
    return ask(request, form, words, do, said=_("It stands."), changes=CHANGED)
