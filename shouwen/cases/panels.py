"""What cases put on pages of others."""

from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.cases.models import Approval, Case, CasePromise, FollowUpDuty, HandOff
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries import home
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
from shouwen.ui.cards import WAITING_MOST, Waiting
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
        icon="briefcase",
        waiting=(late, tasks_for(staff), approvals_for(staff)),
        shortcut="g t",
    )


@panel("rail", order=25)
def figures_on_the_rail(request: StaffRequest) -> RailItem | None:
    """The way to the figures: the board of a service is never more than a click away. (D643)"""
    if not _sees_cases(request):
        return None
    return RailItem(
        name="figures",
        label=_("Figures"),
        url=reverse("cases:figures"),
        icon="chart-bar",
        shortcut="g z",
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


@panel("home.waiting", order=20)
def what_waits_for_me(request: StaffRequest) -> list[Waiting]:
    """My cases, promises, tasks and follow-ups near or over their clock, and questions for me."""
    if not _sees_cases(request):
        return []
    staff, at = request.user, timezone.now()
    rows: list[tuple[str, QuerySet[Any, Any]]] = [
        (_("Case"), home.cases_near_their_clock(staff, at=at)),
        (_("Promise made"), home.promises_near_their_clock(staff, at=at)),
        (_("Task handed to us"), home.tasks_near_their_clock(staff, at=at)),
        (_("Follow-up"), home.follow_ups_owed(staff)),
        (_("For my decision"), home.questions_for(staff)),
    ]
    return [
        _waiting(request, what, one) for what, found in rows for one in found[: WAITING_MOST + 1]
    ]


@panel("home.missed", order=20)
def what_colleagues_missed(request: StaffRequest) -> list[Waiting]:
    """Overdue cases of others, for who directs cases."""
    rows = home.overdue_with_others(request.user, at=timezone.now())[: WAITING_MOST + 1]
    return [_waiting(request, _("Case"), one) for one in rows]


# What a row says, and since when it waits if it has no clock.
_SAID = {
    Case: ("title", "opened_at"),
    CasePromise: ("text", "at"),
    HandOff: ("task", "sent_at"),
    FollowUpDuty: ("", "owed_since"),
    Approval: ("text", "asked_at"),
}


def _waiting(request: StaffRequest, what: str, row: Any) -> Waiting:
    case: Case = row if isinstance(row, Case) else row.case
    said, since = _SAID[type(row)]
    due_at = getattr(row, "due_at", None)
    handler = case.handler if isinstance(row, Case) else None
    return Waiting(
        key=f"{row._meta.model_name}-{row.pk}",
        what=f"{what} {case.number}",
        icon="clipboard-text",
        title=shown_name(case.customer, request.user),
        text=getattr(row, said) if said else case.title,
        url=reverse("cases:detail", args=[case.pk]),
        at=due_at or getattr(row, since),
        is_due=due_at is not None,
        who=handler.public_name if handler else _("nobody yet"),
    )
