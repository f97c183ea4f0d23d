"""Shared by the tests of conversations."""

from shouwen.core.tests.conftest import built_in_tables, committed

__all__ = ["built_in_tables", "committed"]
