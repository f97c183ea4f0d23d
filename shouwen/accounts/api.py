"""Staff and departments over the API, to read: the same reach and masking as on the pages."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Router

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import Department, Presence, PresenceState, Staff
from shouwen.accounts.permissions import AccountsPermission, asks_for, require
from shouwen.accounts.queries import staff_directory, visible_departments, visible_staff
from shouwen.accounts.queries.people import directory_entry
from shouwen.accounts.schemas import DepartmentOut, StaffListOut, StaffOut
from shouwen.core.paging import keyset_page

router = Router()
PAGE_MOST = 200


@router.get("", response=StaffListOut, openapi_extra=asks_for(AccountsPermission.SEE_STAFF))
def list_staff(request: StaffRequest, q: str = "", after: str = "", size: int = 50) -> StaffListOut:
    """Active colleagues the key's person may know of; `q` finds names, pinyin, numbers. At most 200."""
    require(request.user, AccountsPermission.SEE_STAFF)
    found = _with_details(staff_directory(request.user, words=q))
    page = keyset_page(found, order=("pk",), after=after, size=min(max(size, 1), PAGE_MOST))
    return StaffListOut(items=[_out(request, one) for one in page.rows], next=page.next_cursor)


@router.get(
    "/departments",
    response=list[DepartmentOut],
    openapi_extra=asks_for(AccountsPermission.SEE_STAFF),
)
def list_departments(request: StaffRequest) -> QuerySet[Department]:
    """The department tree, parents before children."""
    require(request.user, AccountsPermission.SEE_STAFF)
    return visible_departments(request.user).active().in_tree_order()


@router.get("/{staff_id}", response=StaffOut, openapi_extra=asks_for(AccountsPermission.SEE_STAFF))
def get_staff(request: StaffRequest, staff_id: int) -> StaffOut:
    """One colleague."""
    require(request.user, AccountsPermission.SEE_STAFF)
    found = _with_details(visible_staff(request.user))
    return _out(request, get_object_or_404(found, pk=staff_id))


def _with_details(people: QuerySet[Staff]) -> QuerySet[Staff]:
    return people.select_related("department", "presence").prefetch_related("roles")


def _out(request: StaffRequest, staff: Staff) -> StaffOut:
    entry = directory_entry(staff, request.user)
    presence: Presence | None = getattr(staff, "presence", None)
    return StaffOut(
        id=staff.pk,
        staff_number=staff.staff_number,
        name=staff.name,
        display_name=staff.display_name,
        department_id=staff.department_id,
        department=staff.department.name if staff.department else "",
        roles=[role.code for role in staff.role_list],
        skills=staff.skills,
        languages=staff.languages,
        reception_limit=staff.reception_limit,
        is_active=staff.is_active,
        phone=entry.phone,
        mail="" if entry.is_hidden else staff.mail,
        presence=presence.state if presence else PresenceState.OFFLINE,
    )
