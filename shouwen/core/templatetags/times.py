"""Filters that show times and sizes as people read them."""

from datetime import datetime

from django import template
from django.utils import timezone

from shouwen.core.clock import due_text, full_time, moment_text, span_text

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """Relative near by, absolute beyond a day."""
    return moment_text(value, at=timezone.now()) if value else ""


@register.filter
def exact(value: datetime | None) -> str:
    """Date and time to the second."""
    return full_time(value) if value else ""


@register.filter
def due(value: datetime | None) -> str:
    """How long is left, or by how much it is overdue."""
    return due_text(value, at=timezone.now()) if value else ""


@register.filter
def iso(value: datetime | None) -> str:
    """As machines read it, in local time."""
    return timezone.localtime(value).isoformat() if value else ""


@register.filter
def span(seconds: float | None) -> str:
    """A length of time given in seconds."""
    return span_text(seconds) if seconds is not None else ""


@register.filter
def file_size(size: int | None) -> str:
    """Bytes as KB or MB."""
    if size is None:
        return ""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.filter
def fen(amount: int | None) -> str:
    """An amount in fen as yuan: 3600 is 36.00."""
    return f"{(amount or 0) / 100:,.2f}"
