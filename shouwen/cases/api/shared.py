"""What all addresses of cases share: the router, the case that this person may see, its answer."""

from django.shortcuts import get_object_or_404
from ninja import Router

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import asks_for
from shouwen.cases.models import Case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import visible_cases, with_names
from shouwen.cases.schemas.shown import CaseOut, CasePersonOut
from shouwen.customers.queries import shown_name

router = Router()
# Whoever has anything to do with cases reads those that are shown to him.
READS = asks_for(*CasePermission)
HANDLES = asks_for(CasePermission.HANDLE)
RECEIVES = asks_for(CasePermission.RECEIVE)


def visible_case(request: StaffRequest, case_id: int) -> Case:
    """The case with its names, or 404 for whoever may not know of it."""
    return get_object_or_404(with_names(visible_cases(request.user)), pk=case_id)


def case_out(case: Case, staff: Staff) -> CaseOut:
    """The case as lists show it; it was read with its names."""
    return CaseOut.model_construct(
        id=case.pk,
        kind=case.kind.code,
        kind_name=case.kind.name,
        category=case.category.code if case.category else "",
        customer_name=shown_name(case.customer, staff),
        department=case.department.code,
        first_responder=person_out(case.first_responder),
        handler=person_out(case.handler) if case.handler else None,
        is_closed=case.is_closed,
        is_waiting=case.is_waiting,
        **{name: getattr(case, name) for name in PLAIN},
    )


PLAIN = (
    "number", "is_complaint", "title", "place", "way", "customer_id", "conversation_id",
    "department_id", "stage", "is_handed_over", "is_urgent", "is_major", "priority", "validity",
    "ladder_level", "reopened_count", "recurrence", "opened_at", "accepted_at", "handled_at",
    "answered_at", "followed_up_at", "closed_at", "last_progress_at", "due_at",
)  # fmt: skip


def person_out(staff: Staff) -> CasePersonOut:
    """A colleague by name."""
    return CasePersonOut.model_construct(id=staff.pk, name=staff.name)


def anew(request: StaffRequest, case_id: int) -> CaseOut:
    """The case as it is now, for whoever has just done something to it.

    He may have handed it out of his own sight: what he did is answered all the same.
    """
    return case_out(with_names(Case.objects.filter(pk=case_id)).get(), request.user)
