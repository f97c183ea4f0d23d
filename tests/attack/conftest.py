"""Sockets are spoken to as in the tests of conversations; the browser is the journeys'."""

from shouwen.conversations.tests.conftest import built_in_tables, committed, go
from tests.journeys.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args", "built_in_tables", "committed", "go"]
