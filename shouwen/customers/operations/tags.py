"""Tags on customers, and the list of tags."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere
from shouwen.customers.events import CustomerTagged, CustomerUntagged, TagChanged
from shouwen.customers.models import Customer, CustomerTag, Tag
from shouwen.customers.operations.rows import clean_text, locked_customer, write_search_text
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import TagNameTaken

TAG_LIMIT = 20


@transaction.atomic
def tag_customer(customer_id: int, *, name: str, by: Staff) -> Customer:
    """The customer carries the tag, and whoever serves next sees it. [D512]

    A tag not yet in the list is added to it. Tagging twice changes nothing. Refuses names over
    20 characters.
    """
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    tag, _made = Tag.objects.get_or_create(name=clean_text(name, limit=TAG_LIMIT, is_needed=True))
    _link, is_new = CustomerTag.objects.get_or_create(
        customer=customer, tag=tag, defaults={"added_by": by}
    )
    if is_new:
        write_search_text(customer)
        publish(CustomerTagged(customer_id=customer.pk, tag=tag.name, by_id=by.pk))
    return customer


@transaction.atomic
def untag_customer(customer_id: int, *, tag_id: int, by: Staff) -> Customer:
    """The customer no longer carries the tag; if it did not, nothing changes."""
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    link = customer.tag_links.filter(tag_id=tag_id).select_related("tag").first()
    if link:
        link.delete()
        write_search_text(customer)
        publish(CustomerUntagged(customer_id=customer.pk, tag=link.tag.name, by_id=by.pk))
    return customer


@transaction.atomic
def set_tags(customer_id: int, *, names: Sequence[str], by: Staff) -> Customer:
    """The customer carries exactly these tags; each one put on or taken off is a fact of its own."""
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    wanted = {clean_text(name, limit=TAG_LIMIT, is_needed=True) for name in names}
    carried = dict(customer.tags.values_list("name", "pk"))
    for name in sorted(wanted - carried.keys()):
        tag_customer(customer_id, name=name, by=by)
    for name in sorted(carried.keys() - wanted):
        untag_customer(customer_id, tag_id=carried[name], by=by)
    return customer


@transaction.atomic
def create_tag(*, name: str, by: Staff, tone: str = Tag.Tone.PLAIN) -> Tag:
    """The tag is in the list. Refuses a name that is there already."""
    require(by, CustomerPermission.MANAGE_TAGS)
    name = clean_text(name, limit=TAG_LIMIT, is_needed=True)
    tag, is_new = Tag.objects.get_or_create(name=name, defaults={"tone": Tag.Tone(tone)})
    if not is_new:
        raise _name_taken(name)
    publish(TagChanged(tag_id=tag.pk, name=tag.name, by_id=by.pk))
    return tag


@transaction.atomic
def change_tag(tag_id: int, *, name: str, tone: str, by: Staff) -> Tag:
    """The tag has this name and tone on every customer who carries it.

    Refuses a name that another tag has.
    """
    require(by, CustomerPermission.MANAGE_TAGS)
    tag = Tag.objects.select_for_update().filter(pk=tag_id).first()
    if tag is None:
        raise NotThere
    name = clean_text(name, limit=TAG_LIMIT, is_needed=True)
    if Tag.objects.filter(name=name).exclude(pk=tag.pk).exists():
        raise _name_taken(name)
    is_renamed = tag.name != name
    tag.name, tag.tone = name, Tag.Tone(tone)
    tag.save(update_fields=["name", "tone", "updated_at"])
    if is_renamed:
        for customer in tag.customers.select_for_update(of=("self",)).order_by("pk").iterator():
            write_search_text(customer)
    publish(TagChanged(tag_id=tag.pk, name=tag.name, by_id=by.pk))
    return tag


def _name_taken(name: str) -> TagNameTaken:
    return TagNameTaken(_("There is a tag “%s” already.") % name)
