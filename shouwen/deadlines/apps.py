"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class DeadlinesConfig(PartConfig):
    """The part deadlines."""

    name = "shouwen.deadlines"
    label = "deadlines"
