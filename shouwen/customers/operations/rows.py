"""What all operations on a file share: the locked row, its texts checked, its search text written."""

from django.utils.translation import gettext as _

from shouwen.core.errors import NotThere
from shouwen.core.pinyin import pinyin_key, sound_index
from shouwen.core.search import PIECE_LENGTH, index_text
from shouwen.customers.models import Customer
from shouwen.customers.refusals import NothingEntered, TextTooLong

NAME_LIMIT = 100
ALIAS_LIMIT = 60
REMARKS_LIMIT = 2000
NOTE_LIMIT = 200


def locked_customer(customer_id: int) -> Customer:
    """The row, locked until the change is committed. Refuses with NotThere."""
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NotThere
    return customer


def clean_text(text: str, *, limit: int, is_needed: bool = False) -> str:
    """The text without blanks around it. Refuses one that is too long, or missing where needed."""
    cleaned = text.strip()
    if is_needed and not cleaned:
        raise NothingEntered(_("Please enter something."))
    if len(cleaned) > limit:
        raise TextTooLong(_("At most %d characters fit here.") % limit)
    return cleaned


def write_search_text(customer: Customer) -> None:
    """The file is found by name, sound, number, tags, assets, flag note and remarks as they are now."""
    tags = list(customer.tags.order_by("pk").values_list("name", flat=True))
    assets = list(customer.assets.order_by("pk").values_list("label", flat=True))
    words = [*tags, *assets, customer.flag_note, customer.remarks]
    fill_search_fields(customer, " , ".join(words)[:PIECE_LENGTH])
    customer.save(update_fields=["search", "pinyin", "updated_at"])


def fill_search_fields(customer: Customer, words: str = "") -> None:
    """Set the search text and the order key from the name, the number and other words."""
    name = customer.name or customer.alias
    customer.pinyin = pinyin_key(name)
    customer.search = index_text(
        customer.name, sound_index(name), customer.number, customer.alias, words
    )
