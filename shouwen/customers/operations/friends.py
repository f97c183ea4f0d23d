"""IM friends and their groups. [D511]"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere
from shouwen.customers.contactkinds import VISITOR, ContactKind
from shouwen.customers.events import CustomerBefriended
from shouwen.customers.models import ContactPoint, Friend, FriendGroup
from shouwen.customers.operations.rows import clean_text, locked_customer
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import NotAnImContact, TagNameTaken

GROUP_LIMIT = 40
ACTIVITY_LIMIT = 60


@dataclass(frozen=True, kw_only=True)
class FriendDetails:
    """What a friend is grouped by: the groups, the activity it came from, age and sex."""

    groups: Sequence[FriendGroup] = field(default_factory=tuple)
    activity: str = ""
    age: int | None = None
    sex: str = Friend.Sex.UNKNOWN


@transaction.atomic
def befriend_customer(contact_point_id: int, *, details: FriendDetails, by: Staff) -> Friend:
    """The customer's IM id is a friend, in exactly these groups; done again, the details change.

    Refuses what is not an IM id. [D511]
    """
    require(by, CustomerPermission.EDIT)
    point = ContactPoint.objects.filter(pk=contact_point_id).first()
    if point is None:
        raise NotThere
    if point.kind != ContactKind.IM or point.platform == VISITOR:
        raise NotAnImContact(_("Only an IM id can be added as a friend."))
    customer = locked_customer(point.customer_id)
    friend, _made = Friend.objects.update_or_create(
        contact_point=point,
        defaults={
            "activity": clean_text(details.activity, limit=ACTIVITY_LIMIT),
            "age": details.age,
            "sex": Friend.Sex(details.sex),
        },
        create_defaults={
            "activity": clean_text(details.activity, limit=ACTIVITY_LIMIT),
            "age": details.age,
            "sex": Friend.Sex(details.sex),
            "added_by": by,
        },
    )
    friend.groups.set(details.groups)
    publish(
        CustomerBefriended(
            customer_id=customer.pk,
            platform=point.platform,
            groups=[group.name for group in details.groups],
            by_id=by.pk,
        )
    )
    return friend


@transaction.atomic
def create_friend_group(
    *, name: str, by: Staff, basis: str = FriendGroup.Basis.PRODUCT
) -> FriendGroup:
    """There is a group of this name to put friends in. Refuses a name that is there already."""
    require(by, CustomerPermission.MANAGE_TAGS)
    name = clean_text(name, limit=GROUP_LIMIT, is_needed=True)
    group, is_new = FriendGroup.objects.get_or_create(
        name=name, defaults={"basis": FriendGroup.Basis(basis)}
    )
    if not is_new:
        raise TagNameTaken(_("There is a group “%s” already.") % name)
    return group
