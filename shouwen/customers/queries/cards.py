"""The customer card beside a conversation and on the file page."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.customers.contactkinds import VISITOR, ContactKind
from shouwen.customers.models import Asset, ContactPoint, Customer, Friend, Tag
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries.shown import contact_field, shown_contact, shown_name


@dataclass(frozen=True)
class ShownContact:
    """A contact point as one person may see it."""

    point: ContactPoint
    shown: str
    is_hidden: bool

    @property
    def field(self) -> str:
        """Its name as a field to reveal."""
        return contact_field(self.point.pk)

    @property
    def friend(self) -> Friend | None:
        """The friend that this IM id is, if it was added."""
        return getattr(self.point, "friend", None)


@dataclass(frozen=True)
class CustomerCard:
    """Everything the card shows to one person, read in four queries."""

    customer: Customer
    staff: Staff
    contacts: list[ShownContact]
    tags: list[Tag]
    assets: list[Asset]

    @property
    def name(self) -> str:
        """The name as this person may see it."""
        return shown_name(self.customer, self.staff)

    @property
    def is_name_hidden(self) -> bool:
        """The name is masked for this person."""
        return self.name != self.customer.display_name

    @cached_property
    def may_edit(self) -> bool:
        """Whether this person may change the file."""
        return self.staff.may(CustomerPermission.EDIT)

    @cached_property
    def may_reveal(self) -> bool:
        """Whether this person may see hidden values, giving a reason."""
        return self.staff.may(CustomerPermission.REVEAL)

    @cached_property
    def missing(self) -> list[str]:
        """What is not yet in the file, in words."""
        return [words for is_there, words in self._parts() if not is_there]

    @cached_property
    def completeness(self) -> int:
        """How much of the file is filled in (资料完整度), in percent of the parts it should have."""
        parts = self._parts()
        return round(100 * sum(is_there for is_there, _words in parts) / len(parts))

    def _parts(self) -> list[tuple[bool, str]]:
        customer, kinds = self.customer, {one.point.kind for one in self.contacts}
        parts = [
            (customer.is_named, _("name")),
            (ContactKind.PHONE in kinds, _("phone")),
            (bool(kinds & {ContactKind.MAIL, ContactKind.IM}), _("mail or IM")),
            (bool(self.assets), _("asset")),
            (bool(self.tags), _("tag")),
            (bool(customer.remarks), _("remarks")),
        ]
        if customer.kind == Customer.Kind.PERSON:
            parts.append((bool(customer.salutation), _("salutation")))
        return parts


def customer_card(customer: Customer, staff: Staff) -> CustomerCard:
    """The card of a customer for one person: masked unless the role sees more. [D423, D512]

    The visitor token of the web chat is nobody's business and never shown.
    """
    points = (
        customer.contact_points.exclude(platform=VISITOR)
        .select_related("friend")
        .prefetch_related(Prefetch("friend__groups"))
        .order_by("-is_primary", "pk")
    )
    in_kind_order = sorted(points, key=lambda point: list(ContactKind.values).index(point.kind))
    return CustomerCard(
        customer=customer,
        staff=staff,
        contacts=[_shown(point, staff) for point in in_kind_order],
        tags=list(customer.tags.order_by("name")),
        assets=list(customer.assets.order_by("pk")),
    )


def _shown(point: ContactPoint, staff: Staff) -> ShownContact:
    shown = shown_contact(point, staff)
    return ShownContact(point, shown, is_hidden=shown != point.clear)
