"""Reads about customers, one module a question."""

from shouwen.customers.queries.cards import CustomerCard, customer_card
from shouwen.customers.queries.files import (
    also_visible,
    customer_reached_at,
    customers_with,
    search_customers,
    visible_customers,
)
from shouwen.customers.queries.lists import CustomerRow, customer_rows, friend_groups, tags_in_use
from shouwen.customers.queries.shown import shown_name
from shouwen.customers.queries.timelines import TimelineEntry, customer_timeline

__all__ = [
    "CustomerCard",
    "CustomerRow",
    "TimelineEntry",
    "also_visible",
    "customer_card",
    "customer_reached_at",
    "customer_rows",
    "customer_timeline",
    "customers_with",
    "friend_groups",
    "search_customers",
    "shown_name",
    "tags_in_use",
    "visible_customers",
]
