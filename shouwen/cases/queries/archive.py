"""The archive: what was put away, with its papers, found again by anything on it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, CaseCategory, CasePaper, CaseQuerySet, CaseVolume
from shouwen.cases.queries.cases import visible_cases
from shouwen.core.clock import day_bounds
from shouwen.customers.queries import search_customers


@dataclass(frozen=True, kw_only=True)
class ArchiveAsked:
    """What is looked for: words stand anywhere in the case, days are those of the archive."""

    words: str = ""
    customer: str = ""
    place: str = ""
    kind: str = ""
    cause_id: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked."""
        return self != ArchiveAsked()


def archived_cases(staff: Staff, asked: ArchiveAsked) -> CaseQuerySet:
    """Cases in the archive and those taken out of it again, as far as this person may read them.

    A reopened one stays findable: its volume does not leave the shelf. (D064, D702)
    """
    volumes = CaseVolume.objects.filter(case=OuterRef("pk"))
    found = visible_cases(staff).filter(Q(closed_at__isnull=False) | Exists(volumes))
    if asked.words:
        found = found.filter(search__words=asked.words)
    if asked.customer:
        found = found.filter(customer__in=search_customers(staff, asked.customer).values("pk"))
    if asked.place:
        found = found.filter(place__icontains=asked.place)
    if asked.kind:
        found = found.filter(kind__code=asked.kind)
    if asked.cause_id:
        found = found.filter(cause=asked.cause_id)
    if asked.since:
        found = found.filter(closed_at__gte=day_bounds(asked.since)[0])
    if asked.until:
        found = found.filter(closed_at__lt=day_bounds(asked.until)[1])
    return found


def with_volumes(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With what a row of the archive shows: names, cause, volumes."""
    rows = cases.select_related("kind", "category", "customer", "cause", "handler")
    return rows.prefetch_related("volumes").defer("search", "customer__search", "matter", "demand")


def paper_counts(cases: list[Case]) -> dict[int, int]:
    """How many papers lie with each of these cases."""
    rows = CasePaper.objects.filter(case__in=[one.pk for one in cases]).values("case")
    return {one["case"]: one["papers"] for one in rows.annotate(papers=Count("pk"))}


def known_causes() -> QuerySet[CaseCategory]:
    """Every root cause there is, with its kind."""
    causes = CaseCategory.objects.filter(axis=CaseCategory.Axis.CAUSE).select_related("kind")
    return causes.order_by("kind__name", "position")
