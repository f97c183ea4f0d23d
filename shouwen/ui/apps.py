"""The part ui: components, theme, table and form shell."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components and theme; no domain words, no models."""

    name = "shouwen.ui"
    label = "ui"
