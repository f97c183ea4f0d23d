"""Numbers entered by hand: what this system cannot count itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.models import CaseCategory, EnteredFigure
from shouwen.cases.permissions import CasePermission
from shouwen.cases.reportevents import FigureEntered
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere, Refused


class FigureUnclear(Refused):
    """A number entered by hand needs to say what it is of."""


@dataclass(frozen=True, kw_only=True)
class FigureGiven:
    """A number entered by hand: of what, of which year and perhaps month and business line."""

    measure: str
    year: int
    month: int | None = None
    line: CaseCategory | None = None
    value: int = 0
    is_at_least: bool = False
    note: str = ""


@transaction.atomic
def enter_figures(given: Iterable[FigureGiven], *, by: Staff, at: datetime) -> list[EnteredFigure]:
    """These numbers stand; one entered before for the same thing is replaced. (D541, D644)"""
    require(by, CasePermission.DIRECT)
    return [_enter(one, by=by, at=at) for one in given]


def _enter(given: FigureGiven, *, by: Staff, at: datetime) -> EnteredFigure:
    measure = EnteredFigure.Measure(given.measure)
    is_yearly = measure == EnteredFigure.Measure.COMPLAINTS
    if is_yearly == bool(given.month):
        raise FigureUnclear(_("Complaints are entered by year, everything else by month."))
    row, _is_new = EnteredFigure.objects.update_or_create(
        measure=measure,
        year=given.year,
        month=given.month,
        line=given.line if measure == EnteredFigure.Measure.USERS else None,
        defaults={
            "value": given.value,
            "is_at_least": given.is_at_least,
            "note": given.note.strip()[:200],
            "by": by,
            "at": at,
        },
    )
    publish(FigureEntered(entered_id=row.pk, measure=measure, value=row.value, by_id=by.pk))
    return row


@transaction.atomic
def forget_figure(entered_id: int, *, by: Staff) -> None:
    """A number entered by mistake is gone; history keeps that it was there."""
    require(by, CasePermission.DIRECT)
    row = EnteredFigure.objects.select_for_update().filter(pk=entered_id).first()
    if row is None:
        raise NotThere
    publish(FigureEntered(entered_id=row.pk, measure=row.measure, value=None, by_id=by.pk))
    row.delete()
