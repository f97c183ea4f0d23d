"""Sockets in attack tests are spoken to as in the tests of conversations."""

from shouwen.conversations.tests.conftest import built_in_tables, committed, go

__all__ = ["built_in_tables", "committed", "go"]
