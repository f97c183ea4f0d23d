"""What can be taken out of cases as a file: the ledger, the lines of its page; the rows behind figures."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases import figureexports
from shouwen.cases.filters import ledger_asked
from shouwen.cases.models import Case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.ledger import COLUMNS, ledger_cases, ledger_lines, with_ledger_rows
from shouwen.customers.permissions import CustomerPermission
from shouwen.exports.registry import Asked, Cell, Exportable, register_exportable

__all__ = ["figureexports"]


def _rows(staff: Staff, asked: Asked, at: datetime) -> QuerySet[Case]:
    return with_ledger_rows(ledger_cases(staff, ledger_asked(asked, at=at)))


def _cells(
    cases: Sequence[Case],
    staff: Staff,
    is_clear: bool,  # noqa: FBT001 - the shape of the registry
) -> Iterable[Sequence[Cell]]:
    for line in ledger_lines(cases, staff, is_clear=is_clear):
        named = asdict(line)
        yield [named[name] for name in COLUMNS]


register_exportable(
    Exportable(
        name="ledger",
        label=_("Ledger of cases"),
        permission=CasePermission.HANDLE,
        clear_permission=CustomerPermission.REVEAL,
        columns=tuple(COLUMNS.values()),
        rows=_rows,
        cells=_cells,
    )
)
