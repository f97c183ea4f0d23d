"""How exports look."""

from urllib.parse import urlencode

from django import template

from shouwen.exports.models import Export

register = template.Library()


@register.filter
def percent(export: Export) -> int:
    """How much of it is written."""
    return min(100, 100 * export.done // max(1, export.total))


@register.filter
def asked_query(export: Export) -> str:
    """What it was narrowed to, as an address says it."""
    return urlencode(export.asked)
