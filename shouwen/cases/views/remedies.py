"""The queue of refunds and other remedies."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest
from shouwen.cases.models import Remedy
from shouwen.cases.queries.remedies import OPEN_STATES, remedy_kinds, remedy_queue, total_fen
from shouwen.cases.views.pages import sees_cases
from shouwen.core.paging import keyset_page
from shouwen.customers.queries import shown_name

PAGE = 50


@require_safe
@sees_cases
def remedy_list(request: StaffRequest) -> HttpResponse:
    """Remedies by state, oldest first, with what they amount to; at first those that are not over. (D400)"""
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    states = [state] if state in Remedy.State.values else OPEN_STATES
    found = remedy_queue(request.user, code=code, states=states)
    page = keyset_page(found, order=("at", "pk"), after=request.GET.get("after", ""), size=PAGE)
    context = {
        "page": page,
        "rows": [(row, shown_name(row.case.customer, request.user)) for row in page.rows],
        "total": total_fen(found),
        "kinds": remedy_kinds(),
        "states": Remedy.State.choices,
        "asked": {"code": code, "state": state},
        "at": timezone.now(),
    }
    return render(request, "cases/remedies.html", context)
