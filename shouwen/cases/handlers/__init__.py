"""Reactions: the ladder, notices, live screens."""

from shouwen.cases.handlers import clocks, filing, people, screens

__all__ = ["clocks", "filing", "people", "screens"]
