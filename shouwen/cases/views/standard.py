"""GB/T 19012: what is on record of a complaint and of a quarter, and what is missing."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.accounts.queries import company
from shouwen.cases.forms.papers import ProofForm
from shouwen.cases.operations.standards import Proof, record_proof
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.conformity import (
    Quarter,
    complaints_of,
    quarter_of,
    standard_of_case,
    standard_of_quarter,
)
from shouwen.cases.queries.pages import case_page
from shouwen.cases.queries.strategy import strategy_of
from shouwen.cases.views.pages import visible_case
from shouwen.core.clock import local_day
from shouwen.core.files import store_file
from shouwen.ui.dialogs import Dialog, act_in_dialog

sees_cases = any_staff("what is shown starts from visible_cases")
QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


@require_safe
@sees_cases
def case_standard(request: StaffRequest, case_id: int) -> HttpResponse:
    """The twenty rows for one complaint."""
    case = visible_case(request, case_id)
    if not case.is_complaint:
        raise Http404
    at = timezone.now()
    page = case_page(case, request.user, at=at)
    context = {
        "case": case,
        "rows": standard_of_case(page),
        "strategy": strategy_of(page, at=at),
        "quarter": quarter_of(local_day(case.opened_at)),
        "company": company(),
        "at": at,
    }
    return render(request, "cases/standard.html", context)


@require_safe
@sees_cases
def quarter_standard(request: StaffRequest) -> HttpResponse:
    """The twenty rows for a quarter; each number opens the complaints that lack the thing."""
    at = timezone.now()
    asked = QUARTER.fullmatch(request.GET.get("quarter", ""))
    quarter = Quarter(int(asked[1]), int(asked[2])) if asked else quarter_of(local_day(at))
    context = {
        "quarter": quarter,
        "rows": standard_of_quarter(request.user, quarter),
        "count": complaints_of(request.user, quarter).count(),
        "may_record": request.user.may(CasePermission.DIRECT),
        "company": company(),
        "at": at,
    }
    fragment = "#rows" if request.headers.get("HX-Request") else ""
    return render(request, f"cases/quarter.html{fragment}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CasePermission.DIRECT)
def proof(request: StaffRequest) -> HttpResponse:
    """Proof that lies with the company: a notice, minutes, an audit."""
    initial = {"row": request.GET.get("row", ""), "happened_on": local_day(timezone.now())}
    form = ProofForm(request.POST or None, request.FILES or None, initial=initial)

    def do() -> object:
        entered = dict(form.cleaned_data)
        sent = entered.pop("file")
        stored = store_file(sent.name or "", sent.read()) if sent else None
        return record_proof(Proof(**entered, file=stored), by=request.user, at=timezone.now())

    dialog = Dialog(
        title=_("Record proof"), url=request.path, submit=_("Record"), changes="standard:changed"
    )
    return act_in_dialog(request, dialog, form, do, _("Recorded."))
