"""Reads about the company, departments and roles."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise

from shouwen.accounts.models import Company, Department, DepartmentQuerySet, Role, Staff
from shouwen.accounts.permissions import permission_sets


def company() -> Company:
    """The company's settings: the one row, made when missing."""
    found, _made = Company.objects.get_or_create(pk=1)
    return found


def hotline_department() -> Department | None:
    """The department that owns the hotline: service or marketing, as the company decided (D254)."""
    return company().hotline_department


def responsible_department(subject: str = "complaints") -> Department | None:
    """Who answers for "complaints" (D568), or "property_complaints" (D695; else for complaints)."""
    firm = company()
    if subject == "property_complaints" and firm.property_complaint_department:
        return firm.property_complaint_department
    return firm.complaint_department


def visible_departments(staff: Staff) -> DepartmentQuerySet:
    """The tree of the organisation; every colleague may know it."""
    return Department.objects.in_tree_order() if staff.is_active else Department.objects.none()


def department_tree(staff: Staff) -> DepartmentQuerySet:
    """Departments with `head_count` (active people in each), parents before children."""
    return visible_departments(staff).annotate(
        head_count=Count("staff", filter=Q(staff__is_active=True, staff__is_system=False))
    )


def roles_with_holders() -> QuerySet[Role]:
    """All roles in order, with the active people who hold them as `holders`."""
    people = Staff.objects.active().people().order_by("sort_key", "pk")
    return Role.objects.order_by("position", "code").prefetch_related(
        Prefetch("staff", queryset=people, to_attr="holders")
    )


@dataclass(frozen=True)
class MatrixLine:
    """One permission in words, and for each role shown whether it holds it."""

    permission: str
    label: str | Promise
    held: list[bool]


@dataclass(frozen=True)
class MatrixSection:
    """The permissions of one part."""

    title: str | Promise
    lines: list[MatrixLine]


def permission_matrix(roles: Iterable[Role]) -> list[MatrixSection]:
    """Roles x permissions, by part, in words."""
    shown = list(roles)
    return [
        MatrixSection(
            one.title,
            [
                MatrixLine(name, label, [role.holds(name) for role in shown])
                for name, label in one.labels.items()
            ],
        )
        for one in permission_sets()
    ]
