"""`{% panels "customer.page" customer %}`: what the parts above put into a slot of a page."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from shouwen.core.slots import filled

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str, *arguments: Any) -> SafeString:
    """Each panel is called with the request and what the page passes."""
    answers = filled(slot, context["request"], *arguments)
    return format_html_join("\n", "{}", ((answer,) for answer in answers))
