"""The rows behind a figure as a file: the very cases that the figure counts, with what makes its number."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, CaseQuerySet
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.figurerows import row_facts, with_row_facts
from shouwen.cases.queries.figures import FIGURES, RECEIVED, figure_rows
from shouwen.cases.queries.figurescope import scope_asked
from shouwen.core.clock import local_day
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import shown_name
from shouwen.exports.registry import Asked, Cell, Exportable, register_exportable


def _rows(staff: Staff, asked: Asked, at: datetime) -> CaseQuerySet:
    code = asked.get("figure", "")
    scope = scope_asked(asked, today=local_day(at))
    return with_row_facts(figure_rows(staff, code if code in FIGURES else RECEIVED, scope, at=at))


def _cells(
    cases: Sequence[Case],
    staff: Staff,
    is_clear: bool,  # noqa: FBT001 - the shape of the registry
) -> Iterable[Sequence[Cell]]:
    for case in cases:
        facts = row_facts(case)
        yield [
            case.number,
            case.kind.name,
            case.category.name if case.category else "",
            case.title,
            case.customer.display_name if is_clear else shown_name(case.customer, staff),
            case.department.name,
            str(case.get_way_display()),
            str(case.get_validity_display()),
            case.handler.name if case.handler else "",
            case.first_responder.name,
            case.opened_at,
            case.accepted_at,
            case.handled_at,
            facts.hours,
            facts.hand_offs,
            facts.cost_yuan,
            case.closed_at,
            case.cause.name if case.cause else "",
            case.result,
            case.corrective_action,
        ]


register_exportable(
    Exportable(
        name="figure",
        label=_("Cases behind a figure"),
        permission=CasePermission.HANDLE,
        clear_permission=CustomerPermission.REVEAL,
        columns=(
            _("Number"),
            _("Kind"),
            _("Category"),
            _("Case"),
            _("Customer"),
            _("Department"),
            _("Way"),
            _("Validity"),
            _("Handler"),
            _("First asked"),
            _("Registered"),
            _("Accepted at"),
            _("Result at"),
            _("Hours to the result"),
            _("Hand-offs"),
            _("Cost (yuan)"),
            _("Archived at"),
            _("Root cause"),
            _("Result"),
            _("Corrective action"),
        ),
        rows=_rows,
        cells=_cells,
    )
)
