"""What conversations put on pages of others, one module a place."""

from shouwen.conversations.panels import beside, home, settings

__all__ = ["beside", "home", "settings"]
