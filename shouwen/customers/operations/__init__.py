"""What can be done with customer files, one module a noun."""

from shouwen.customers.operations.assets import add_asset, change_asset, remove_asset
from shouwen.customers.operations.contacts import (
    add_contact_point,
    make_primary,
    remove_contact_point,
)
from shouwen.customers.operations.details import (
    assign_customer,
    file_as_quality,
    rename_customer,
    set_flag,
    set_remarks,
)
from shouwen.customers.operations.friends import befriend_customer, create_friend_group
from shouwen.customers.operations.opening import (
    EnteredDetails,
    Person,
    enter_customer,
    find_or_create_customer,
    find_or_create_customers,
    take_down_contacts,
)
from shouwen.customers.operations.reveals import note_clear_read, reveal
from shouwen.customers.operations.tags import (
    change_tag,
    create_tag,
    set_tags,
    tag_customer,
    untag_customer,
)

__all__ = [
    "EnteredDetails",
    "Person",
    "add_asset",
    "add_contact_point",
    "assign_customer",
    "befriend_customer",
    "change_asset",
    "change_tag",
    "create_friend_group",
    "create_tag",
    "enter_customer",
    "file_as_quality",
    "find_or_create_customer",
    "find_or_create_customers",
    "make_primary",
    "note_clear_read",
    "remove_asset",
    "remove_contact_point",
    "rename_customer",
    "reveal",
    "set_flag",
    "set_remarks",
    "set_tags",
    "tag_customer",
    "take_down_contacts",
    "untag_customer",
]
