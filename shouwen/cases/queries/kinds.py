"""Kinds and their categories, as forms and lists offer them."""

from django.db.models import QuerySet

from shouwen.cases.models import CaseCategory, CaseKind


def active_kinds() -> QuerySet[CaseKind]:
    """Kinds that new cases may have, complaints first."""
    return CaseKind.objects.filter(is_active=True).order_by("-is_complaint", "name")


def nodes_of(kind: CaseKind, axis: str) -> QuerySet[CaseCategory]:
    """The categories or causes of a kind that may be chosen now, in their order."""
    return (
        CaseCategory.objects.filter(kind=kind, axis=axis, is_active=True)
        .select_related("parent")
        .order_by("position")
    )
