"""What cases put on pages of others."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.cases.models import Case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import (
    approvals_for,
    cases_with,
    tasks_for,
    visible_cases,
    with_names,
)
from shouwen.conversations.models import Conversation
from shouwen.core.slots import panel
from shouwen.customers.models import Customer
from shouwen.customers.queries import shown_name
from shouwen.ui.navigation import RailItem

SHOWN = 5


def _sees_cases(request: StaffRequest) -> bool:
    return any(request.user.may(name) for name in CasePermission)


def _render(request: StaffRequest, name: str, context: dict[str, Any]) -> SafeString:
    shared = {"at": timezone.now(), "may_open": request.user.may(CasePermission.OPEN)}
    return render_to_string(f"cases/panels/{name}.html", shared | context, request)


@panel("rail", order=20)
def cases_on_the_rail(request: StaffRequest) -> RailItem | None:
    """The way to the cases, with my overdue ones, our open tasks and the questions that wait for me."""
    if not _sees_cases(request):
        return None
    staff = request.user
    late = Case.objects.overdue(timezone.now()).filter(handler=staff)
    return RailItem(
        name="cases",
        label=_("Cases"),
        url=reverse("cases:list"),
        icon="clipboard-text",
        waiting=(late, tasks_for(staff), approvals_for(staff)),
        shortcut="g t",
    )


@panel("workspace.sidebar", order=30)
def cases_beside(request: StaffRequest, talk: Conversation) -> SafeString | None:
    """The customer's open cases, and two clicks to a new one."""
    if not _sees_cases(request):
        return None
    rows = _of_customer(request, talk.customer).open()
    return _render(request, "beside", {"rows": list(rows[: SHOWN + 1]), "conversation": talk})


@panel("customer.page", order=10)
def cases_of_customer(request: StaffRequest, customer: Customer) -> SafeString | None:
    """All cases of this customer, newest first."""
    if not _sees_cases(request):
        return None
    rows = list(_of_customer(request, customer)[: SHOWN * 2])
    return _render(request, "customer", {"rows": rows, "customer": customer})


def _of_customer(request: StaffRequest, customer: Customer) -> Any:
    rows = with_names(visible_cases(request.user).filter(customer=customer))
    return rows.order_by("-opened_at", "-pk")


@panel("search.results", order=10)
def cases_found(request: StaffRequest, words: str) -> SafeString | None:
    """Cases that hold the words."""
    if not _sees_cases(request):
        return None
    rows = list(with_names(cases_with(request.user, words))[:SHOWN])
    if not rows:
        return None
    named = [(case, shown_name(case.customer, request.user)) for case in rows]
    return _render(request, "found", {"rows": named, "words": words})
