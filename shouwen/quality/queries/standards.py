"""How standards are kept, and the principles."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet

from shouwen.quality.models import (
    Evaluation,
    EvaluationMark,
    Measurement,
    Principle,
    RuleDocument,
    Standard,
)


def standards() -> QuerySet[Standard]:
    """The standards in use, by department, each with how often it was assessed and met."""
    return (
        Standard.objects.filter(is_active=True)
        .select_related("department", "document")
        .annotate(
            measured=Count("measurements"),
            met=Count("measurements", filter=Q(measurements__is_met=True)),
        )
        .order_by("department__path", "name")
    )


def public_standards() -> QuerySet[Standard]:
    """The standards that everybody outside may read."""
    return standards().filter(is_public=True)


def measurements_of(standard: Standard) -> QuerySet[Measurement]:
    """What was found, the newest first."""
    return standard.measurements.select_related("by").order_by("-day", "-pk")


@dataclass(frozen=True)
class FlowCompliance:
    """How often the norms of one flow were kept when assessed."""

    flow: str
    measured: int
    met: int


def compliance_by_flow() -> list[FlowCompliance]:
    """Business norms per flow with the count of assessments and of those that were met. Source: D265."""
    rows = (
        Measurement.objects.filter(standard__is_active=True)
        .exclude(standard__flow="")
        .values("standard__flow")
        .annotate(measured=Count("pk"), met=Count("pk", filter=Q(is_met=True)))
        .order_by("standard__flow")
    )
    return [FlowCompliance(one["standard__flow"], one["measured"], one["met"]) for one in rows]


def principles() -> QuerySet[Principle]:
    """The principles of service, in order."""
    return Principle.objects.filter(is_active=True).order_by("position", "pk")


@dataclass(frozen=True)
class Opinion:
    """What people outside think of a document: how many, on average, and standard by standard."""

    count: int
    average: float | None
    marks: list[tuple[str, int, int]]
    words: list[Evaluation]


def opinion_of(document: RuleDocument, *, size: int = 20) -> Opinion:
    """The evaluations of a document; marks are (standard, kept, asked)."""
    rows = Evaluation.objects.filter(document=document)
    totals = rows.aggregate(count=Count("pk"), average=Avg("score"))
    marks = (
        EvaluationMark.objects.filter(evaluation__document=document)
        .values("standard__name")
        .annotate(kept=Count("pk", filter=Q(is_kept=True)), asked=Count("pk"))
        .order_by("standard__name")
    )
    named = [(one["standard__name"], one["kept"], one["asked"]) for one in marks]
    said = list(rows.exclude(words="").order_by("-pk")[:size])
    return Opinion(totals["count"], totals["average"], named, said)
