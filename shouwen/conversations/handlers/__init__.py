"""Reactions, one module a subject."""

from shouwen.conversations.handlers import clocks, log, mail, people, screens, surge

__all__ = ["clocks", "log", "mail", "people", "screens", "surge"]
