"""Reactions: the ladder, notices, live screens, reports."""

from shouwen.cases.handlers import clocks, filing, people, reports, responding, screens

__all__ = ["clocks", "filing", "people", "reports", "responding", "screens"]
