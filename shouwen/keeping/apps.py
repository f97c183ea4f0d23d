"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class KeepingConfig(PartConfig):
    """The part keeping."""

    name = "shouwen.keeping"
    label = "keeping"
