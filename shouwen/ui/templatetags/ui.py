"""What the components need beyond Django's own tags; pages load nothing from here."""

from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
)
from django.http import HttpRequest
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shouwen.core.counting import SHOWN_MOST
from shouwen.ui.navigation import RailItem

register = template.Library()

HUES = 8


@register.filter
def hue(name: object) -> int:
    """One of the avatar colours, always the same for one name."""
    return crc32(str(name).encode()) % HUES


@register.filter
def initial(name: object) -> str:
    """The first letter of a name, as it stands in an avatar."""
    return str(name).strip()[:1].upper() or "?"


@register.filter
def short_count(count: int | None) -> str:
    """A number beside a name: nothing for none, 99+ for many."""
    if not count:
        return ""
    return str(count) if count < SHOWN_MOST else f"{SHOWN_MOST - 1}+"


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a field is laid out: check, options, select or text."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "options"
    return "select" if isinstance(widget, Select) else "text"


CLASSES = {
    "check": "form-check-input",
    "options": "form-check-input",
    "select": "form-select",
    "text": "form-control",
}


@register.simple_tag
def control(field: BoundField, **attributes: Any) -> SafeString:
    """The input of a field with our class, whatever classes its widget has of its own."""
    own = str(field.field.widget.attrs.get("class", ""))
    given = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    classes = f"{CLASSES[widget_kind(field)]} {own}".strip()
    if isinstance(field.field.widget, FileInput):
        classes = f"form-control {own}".strip()
    return field.as_widget(attrs={**given, "class": classes})


@register.simple_tag
def language_tag() -> str:
    """The language of the page as HTML wants it: zh-Hans, en."""
    code = get_language() or settings.LANGUAGE_CODE
    first, _dash, rest = code.partition("-")
    return f"{first}-{rest.title()}" if rest else first


@register.simple_tag(takes_context=True)
def rail(context: Context, section: str = "") -> list[RailItem]:
    """The items of the rail for this page, the current one marked.

    They come from the context as `rail_items`; without them the rail is empty.
    """
    path = getattr(context.get("request"), "path", "")
    items: list[RailItem] = list(context.get("rail_items") or [])
    return [item.marked(section=section, path=path) for item in items]


@register.simple_tag(takes_context=True)
def next_query(context: Context, cursor: str, name: str = "after") -> str:
    """The query of this page with the cursor of the next rows: `?status=open&after=...`."""
    request = context.get("request")
    query = request.GET.copy() if isinstance(request, HttpRequest) else None
    if query is None:
        return f"?{name}={cursor}"
    query[name] = cursor
    return f"?{query.urlencode()}"
