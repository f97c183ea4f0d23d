"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class DemoConfig(PartConfig):
    """The part demo."""

    name = "shouwen.demo"
    label = "demo"
