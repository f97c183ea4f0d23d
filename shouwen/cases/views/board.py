"""The board of cases."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries import board as queries
from shouwen.cases.queries.kinds import active_kinds
from shouwen.cases.workflow import PATH
from shouwen.customers.queries import shown_name


@require_safe
@any_staff("what is shown starts from visible_cases")
def case_board(request: StaffRequest) -> HttpResponse:
    """Open cases by stage, the most urgent on top; each column has its own way further down."""
    whose = request.GET.get("whose", "")
    asked = queries.BoardAsked(
        kind=request.GET.get("kind", ""),
        whose=whose if whose in queries.WHOSE else "",
        after={stage: request.GET.get(f"{stage}_after", "") for stage in PATH},
    )
    columns = [
        (one, [(case, shown_name(case.customer, request.user)) for case in one.cases])
        for one in queries.case_board(request.user, asked)
    ]
    context = {
        "columns": columns,
        "asked": asked,
        "kinds": active_kinds(),
        "whose": (("", _("All")), ("mine", _("Mine")), ("first", _("Asked me first"))),
        "may_open": request.user.may(CasePermission.OPEN),
        "at": timezone.now(),
    }
    return render(request, "cases/board.html", context)
