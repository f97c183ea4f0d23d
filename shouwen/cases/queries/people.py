"""Who in the house is meant: holders of a role near a department."""

from shouwen.accounts.models import Department, Staff
from shouwen.cases.permissions import CasePermission


def holder_of_role(
    role_code: str, *, near: Department, but_not: frozenset[int] = frozenset()
) -> Staff | None:
    """The active person who holds the role and is nearest: in the department, above it, anywhere.

    `but_not` are people it cannot be. None when nobody holds the role.
    """
    holders = list(
        Staff.objects.active()
        .people()
        .filter(roles__code=role_code)
        .exclude(pk__in=but_not)
        .select_related("department")
        .order_by("sort_key", "pk")
        .distinct()
    )
    return max(holders, key=lambda one: _nearness(one.department, near), default=None)


def _nearness(own: Department | None, near: Department) -> int:
    """How much of the way from the top to `near` the department shares; its own is nearest."""
    if own is None:
        return -1
    if near.path.startswith(own.path):
        return len(own.path)
    return 0


def who_receives(department_id: int) -> list[int]:
    """The ids of the active people of a department who may receive what is handed to it."""
    people = Staff.objects.active().people().filter(department_id=department_id)
    rows = people.prefetch_related("roles").order_by("pk")
    return [one.pk for one in rows if one.may(CasePermission.RECEIVE)]


def staff_who_handle(*, but_not: int | None = None) -> list[Staff]:
    """The active people who may handle cases, by name."""
    people = Staff.objects.active().people().exclude(pk=but_not or 0)
    rows = people.select_related("department").prefetch_related("roles").order_by("sort_key", "pk")
    return [one for one in rows if one.may(CasePermission.HANDLE)]


def takers_of(department_id: int) -> list[int]:
    """The ids of the active people of a department who may take cases."""
    people = Staff.objects.active().people().filter(department_id=department_id)
    rows = people.prefetch_related("roles").order_by("pk")
    return [one.pk for one in rows if one.may(CasePermission.HANDLE)]
