"""The same trouble again."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from shouwen.cases.models import Case, CaseKind, CaseQuerySet


def earlier_of_its_like(case: Case, *, since: datetime) -> CaseQuerySet:
    """Cases of the same kind and category at the same place opened since then, without itself. (D646)

    Once causes are known, those with another cause do not count.
    """
    like = Case.objects.filter(
        kind=case.kind, category=case.category, place=case.place, opened_at__gte=since
    ).filter(merged_into__isnull=True)
    if case.cause_id:
        like = like.filter(cause_id=case.cause_id)
    return like.exclude(pk=case.pk)


def earlier_at_places(
    kind: CaseKind, places: Collection[str], *, since: datetime
) -> Counter[tuple[int | None, str]]:
    """How many cases of the kind were opened at each place since then, by category and place."""
    rows = (
        Case.objects.filter(kind=kind, place__in=places, opened_at__gte=since)
        .filter(merged_into__isnull=True)
        .values_list("category_id", "place")
        .annotate(many=Count("pk"))
        .order_by()
    )
    return Counter({(category_id, place): many for category_id, place, many in rows})
