"""Reactions, one module a subject."""

from shouwen.conversations.handlers import answers, clocks, first, log, mail, people, screens, surge

__all__ = ["answers", "clocks", "first", "log", "mail", "people", "screens", "surge"]
