"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class QualityConfig(PartConfig):
    """The part quality."""

    name = "shouwen.quality"
    label = "quality"
