"""Reactions: the ladder, notices, live screens."""

from shouwen.cases.handlers import clocks, people, screens

__all__ = ["clocks", "people", "screens"]
