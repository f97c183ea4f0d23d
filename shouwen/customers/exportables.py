"""The list of customers as a file."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.customers.contactkinds import ContactKind
from shouwen.customers.models import Customer, CustomerQuerySet
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import customer_rows, customers_with, shown_name
from shouwen.customers.queries.lists import CustomerRow
from shouwen.exports.registry import Asked, Cell, Exportable, register_exportable


def _rows(staff: Staff, asked: Asked, at: datetime) -> CustomerQuerySet:
    del at
    found = customers_with(
        staff, words=asked.get("q", ""), tag=asked.get("tag", ""), flag=asked.get("flag", "")
    )
    return found.of_quality() if asked.get("quality") else found


def _cells(
    customers: Sequence[Customer],
    staff: Staff,
    is_clear: bool,  # noqa: FBT001 - the shape of the registry
) -> Iterable[Sequence[Cell]]:
    for row in customer_rows(customers, staff):
        one = row.customer
        yield [
            one.number,
            one.display_name if is_clear else shown_name(one, staff),
            str(one.get_kind_display()),
            *(_contacts(row, kind, is_clear=is_clear) for kind in ContactKind.values),
            "；".join(asset.label for asset in row.assets),
            "、".join(tag.name for tag in row.tags),
            str(one.get_flag_display()) if one.flag else "",
            one.remarks,
            str(one.get_source_display()),
            one.created_at,
        ]


def _contacts(row: CustomerRow, kind: str, *, is_clear: bool) -> str:
    """All contact points of a kind; masked also for who sees them in clear on the screen."""
    points = [one for one in row.customer.contact_points.all() if one.kind == kind]
    return "；".join(one.clear if is_clear else one.masked for one in points)


register_exportable(
    Exportable(
        name="customers",
        label=_("Customers"),
        permission=CustomerPermission.SEE,
        clear_permission=CustomerPermission.REVEAL,
        columns=(
            _("Number"),
            _("Name"),
            _("Kind"),
            *(kind.label for kind in ContactKind),
            _("Assets"),
            _("Tags"),
            _("Flag"),
            _("Remarks"),
            _("Source"),
            _("File since"),
        ),
        rows=_rows,
        cells=_cells,
    )
)
