"""Reactions, one module a subject."""

from shouwen.conversations.handlers import clocks, mail, people, screens, surge

__all__ = ["clocks", "mail", "people", "screens", "surge"]
