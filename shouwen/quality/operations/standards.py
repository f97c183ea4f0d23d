"""Standards set and assessed, principles, and what people outside think."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.clock import local_day
from shouwen.core.errors import NotThere
from shouwen.quality.definitions import PrincipleDefinition
from shouwen.quality.events import (
    PrinciplesChanged,
    RuleEvaluated,
    StandardMeasured,
    StandardSet,
)
from shouwen.quality.models import (
    Evaluation,
    EvaluationMark,
    Measurement,
    Principle,
    RuleDocument,
    Standard,
)
from shouwen.quality.permissions import QualityPermission
from shouwen.quality.queries.rules import public_documents, version_in_force
from shouwen.quality.refusals import EvaluationUnclear, StandardUnclear


@dataclass(frozen=True, kw_only=True)
class StandardDraft:
    """A standard as it is set."""

    department: Department
    name: str
    indicator: str
    target: Decimal
    unit: str
    direction: str = Standard.Direction.AT_LEAST
    flow: str = ""
    document: RuleDocument | None = None
    assessor: str = Standard.Assessor.OWN
    assessor_name: str = ""
    is_public: bool = False


@transaction.atomic
def set_standard(draft: StandardDraft, *, standard_id: int | None = None, by: Staff) -> Standard:
    """The department has this standard; what was measured before keeps the target of then.

    Refuses one without indicator or unit, a third party without a name, and a name that the
    department has already. Source: D250, D252.
    """
    require(by, QualityPermission.SET_STANDARDS)
    if not draft.indicator.strip() or not draft.unit.strip():
        raise StandardUnclear(_("A standard needs an indicator that can be measured, and a unit."))
    if draft.assessor == Standard.Assessor.THIRD_PARTY and not draft.assessor_name.strip():
        raise StandardUnclear(_("Please say which third party assesses it."))
    standard = Standard() if standard_id is None else _locked(standard_id)
    for name in StandardDraft.__dataclass_fields__:
        setattr(standard, name, getattr(draft, name))
    try:
        with transaction.atomic():
            standard.save()
    except IntegrityError as error:
        words = _("“%(department)s” has a standard “%(name)s” already.")
        raise StandardUnclear(
            words % {"department": draft.department.name, "name": draft.name}
        ) from error
    publish(
        StandardSet(
            standard_id=standard.pk, name=standard.name, target=str(standard.target), by_id=by.pk
        )
    )
    return standard


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an assessment found."""

    day: date
    value: Decimal
    note: str = ""
    assessor_name: str = ""


@transaction.atomic
def record_measurement(
    standard_id: int, finding: Finding, *, at: datetime, by: Staff
) -> Measurement:
    """The finding is on record with the target of today and whether it was met.

    For a standard of a third party its name is taken unless the finding names another.
    """
    require(by, QualityPermission.MEASURE)
    standard = _locked(standard_id)
    is_least = standard.direction == Standard.Direction.AT_LEAST
    is_met = finding.value >= standard.target if is_least else finding.value <= standard.target
    row = Measurement.objects.create(
        standard=standard,
        day=finding.day,
        value=finding.value,
        target=standard.target,
        is_met=is_met,
        assessor_name=finding.assessor_name.strip() or standard.assessor_name,
        note=finding.note.strip(),
        by=by,
        at=at,
    )
    publish(
        StandardMeasured(
            standard_id=standard.pk,
            name=standard.name,
            value=str(finding.value),
            is_met=is_met,
            by_id=by.pk,
        )
    )
    return row


def _locked(standard_id: int) -> Standard:
    standard = Standard.objects.select_for_update().filter(pk=standard_id).first()
    if standard is None:
        raise NotThere
    return standard


@transaction.atomic
def set_principles(given: list[PrincipleDefinition], *, by: Staff) -> None:
    """The principles are these, in this order; others are kept but no longer shown."""
    require(by, QualityPermission.SET_STANDARDS)
    for place, one in enumerate(given):
        Principle.objects.update_or_create(
            code=one.code,
            defaults={
                "text": one.text,
                "position": place,
                "is_active": True,
            },
        )
    codes = [one.code for one in given]
    Principle.objects.exclude(code__in=codes).update(is_active=False)
    publish(PrinciplesChanged(codes=codes, by_id=by.pk))


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What somebody outside says: a score, words if he likes, and whether each standard is kept."""

    score: int
    words: str = ""
    marks: dict[int, bool] = field(default_factory=dict)


@transaction.atomic
def evaluate_rule(document_id: int, opinion: Opinion, *, at: datetime, by: Staff) -> Evaluation:
    """The opinion is on record, without any trace of who gave it. Source: D651.

    Refuses what is not public or not in force, and a score outside 1 to 5.
    """
    today = local_day(at)
    document = public_documents(on=today).filter(pk=document_id).first()
    version = version_in_force(document, on=today) if document else None
    if document is None or version is None:
        raise NotThere
    if not 1 <= opinion.score <= 5:
        raise EvaluationUnclear(_("Please choose one to five stars."))
    row = Evaluation.objects.create(
        document=document, score=opinion.score, words=opinion.words.strip()[:500], at=at
    )
    known = Standard.objects.filter(is_public=True, is_active=True, pk__in=opinion.marks)
    EvaluationMark.objects.bulk_create(
        EvaluationMark(evaluation=row, standard=one, is_kept=opinion.marks[one.pk]) for one in known
    )
    publish(
        RuleEvaluated(document_id=document.pk, version=version.number, score=row.score, by_id=by.pk)
    )
    return row
