"""Visitors of the web chat and the sites they come from."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from shouwen.core.models import TimestampedModel


def new_site_key() -> str:
    """A key that names a widget in the page that embeds it; it is no secret."""
    return uuid.uuid4().hex[:16]


class WidgetSite(TimestampedModel):
    """A website that carries our chat widget (网页接入)."""

    key = models.CharField(max_length=32, unique=True, default=new_site_key)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=60)
    greeting = models.CharField(max_length=300, blank=True)
    offline_text = models.CharField(max_length=300, blank=True)
    queue = models.ForeignKey("conversations.Queue", on_delete=models.PROTECT, related_name="sites")
    # One origin a line, such as https://www.example.com; empty: only our own pages may show it.
    allowed_origins = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    def origins(self) -> list[str]:
        """The origins that may show the widget, beside our own."""
        return [
            line.strip().rstrip("/") for line in self.allowed_origins.splitlines() if line.strip()
        ]


class Visitor(models.Model):
    """A browser that opened the widget (访客), known again by a token only it holds."""

    site = models.ForeignKey(WidgetSite, on_delete=models.PROTECT, related_name="visitors")
    token_hash = models.CharField(max_length=64, unique=True)
    short_name = models.CharField(max_length=8)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visitors",
    )
    page_url = models.CharField(max_length=500, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    is_blocked = models.BooleanField(default=False)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="blocked_visitors",
    )

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """How staff see somebody who gave no name."""
        return _("Visitor %s") % self.short_name
