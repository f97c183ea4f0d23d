"""The list of contacts as a file: what the workspace shows, whatever the channel."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.conversations.filters import wanted_of
from shouwen.conversations.models import Conversation, WrapUp
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.workspace import TABS, conversations_of_tab
from shouwen.customers.models import ContactPoint
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import shown_name
from shouwen.exports.registry import Asked, Cell, Exportable, register_exportable


def _rows(staff: Staff, asked: Asked, at: datetime) -> QuerySet[Conversation]:
    tab = asked.get("tab", "")
    rows = conversations_of_tab(
        tab if tab in TABS else "all", staff, wanted_of(asked, at=at), at=at
    )
    return rows.select_related(
        "customer", "queue", "department", "first_responder", "handler", "wrap_up__kind"
    ).defer("customer__search")


def _phones(conversations: Sequence[Conversation]) -> dict[int, ContactPoint]:
    """The first phone number of each customer."""
    customers = {one.customer_id for one in conversations}
    points = ContactPoint.objects.filter(customer__in=customers, kind="phone")
    return {point.customer_id: point for point in points.order_by("customer", "is_primary", "-pk")}


def _cells(
    conversations: Sequence[Conversation],
    staff: Staff,
    is_clear: bool,  # noqa: FBT001 - the shape of the registry
) -> Iterable[Sequence[Cell]]:
    phones = _phones(conversations)
    for one in conversations:
        phone = phones.get(one.customer_id)
        wrap_up: WrapUp | None = getattr(one, "wrap_up", None)
        yield [
            one.number,
            str(one.get_channel_display()),
            one.customer.display_name if is_clear else shown_name(one.customer, staff),
            (phone.clear if is_clear else phone.masked) if phone else "",
            one.subject,
            one.department.name,
            one.queue.name,
            one.first_responder.public_name if one.first_responder else "",
            one.handler.public_name if one.handler else "",
            str(one.get_state_display()),
            str(one.get_outcome_display()) if one.outcome else "",
            one.opened_at,
            one.first_answered_at,
            one.closed_at,
            one.queue_seconds,
            wrap_up.kind.name if wrap_up else "",
            wrap_up.demand if wrap_up else "",
            one.last_line_text,
        ]


register_exportable(
    Exportable(
        name="contacts",
        label=_("Contacts"),
        permission=ConversationPermission.SERVE,
        clear_permission=CustomerPermission.REVEAL,
        columns=(
            _("Number"),
            _("Channel"),
            _("Customer"),
            _("Phone"),
            _("Subject"),
            _("Department"),
            _("Queue"),
            _("First asked"),
            _("Served by"),
            _("State"),
            _("Outcome"),
            _("Opened"),
            _("First answered"),
            _("Closed at"),
            _("Waited (seconds)"),
            _("Kind"),
            _("What about"),
            _("Last message"),
        ),
        rows=_rows,
        cells=_cells,
    )
)
