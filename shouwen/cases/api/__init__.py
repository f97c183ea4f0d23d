"""Cases over the API: the same queries, operations and masking as on the pages."""

# Addresses without a number are hung in before those with one.
from shouwen.cases.api import opening, reading, tasks, verbs
from shouwen.cases.api.shared import router

__all__ = ["opening", "reading", "router", "tasks", "verbs"]
