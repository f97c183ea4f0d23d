"""Reactions, one module a subject."""

from shouwen.conversations.handlers import mail, people, screens, surge

__all__ = ["mail", "people", "screens", "surge"]
