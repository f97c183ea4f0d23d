"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class PacksConfig(PartConfig):
    """The part packs."""

    name = "shouwen.packs"
    label = "packs"
