"""The same trouble again."""

from datetime import datetime

from shouwen.cases.models import Case, CaseQuerySet


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
