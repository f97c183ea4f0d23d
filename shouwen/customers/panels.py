"""What this part shows on pages of others."""

from typing import Protocol

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.slots import panel
from shouwen.customers.models import Customer
from shouwen.customers.operations import note_clear_read
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import customer_card
from shouwen.ui.cards import SettingsCard
from shouwen.ui.navigation import RailItem


class HasCustomer(Protocol):
    """Anything about one customer: a conversation, a case."""

    @property
    def customer(self) -> Customer:
        """Whom it is about."""


@panel("workspace.sidebar", order=10)
def customer_beside(request: StaffRequest, talk: HasCustomer) -> SafeString | None:
    """The customer's card beside what is being talked about."""
    if not request.user.may(CustomerPermission.SEE):
        return None
    if request.user.may(CustomerPermission.SEE_CLEAR):
        note_clear_read(talk.customer.pk, by=request.user, at=timezone.now())
    context = {"card": customer_card(talk.customer, request.user), "is_beside": True}
    return render_to_string("customers/card.html", context, request)


@panel("rail", order=30)
def customers_on_the_rail(request: StaffRequest) -> RailItem | None:
    """The way to the customers."""
    if not request.user.may(CustomerPermission.SEE):
        return None
    return RailItem(
        name="customers",
        label=_("Customers"),
        url=reverse("customers:list"),
        icon="users",
        shortcut="g k",
    )


@panel("settings.cards", order=50)
def tags_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the list of tags."""
    if not request.user.may(CustomerPermission.MANAGE_TAGS):
        return None
    return SettingsCard(
        label=_("Customer tags"),
        text=_("The tags put on customers, and the groups of IM friends."),
        url=reverse("customers:tag_list"),
        icon="tags",
    )
