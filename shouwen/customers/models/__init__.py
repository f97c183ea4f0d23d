"""The tables of customers, one module a noun."""

from shouwen.customers.models.asset import Asset
from shouwen.customers.models.contact import ContactPoint
from shouwen.customers.models.customer import Customer, CustomerQuerySet
from shouwen.customers.models.friend import Friend, FriendGroup
from shouwen.customers.models.tag import CustomerTag, Tag

__all__ = [
    "Asset",
    "ContactPoint",
    "Customer",
    "CustomerQuerySet",
    "CustomerTag",
    "Friend",
    "FriendGroup",
    "Tag",
]
