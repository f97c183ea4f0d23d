"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class ExportsConfig(PartConfig):
    """The part exports."""

    name = "shouwen.exports"
    label = "exports"
