"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class NoticesConfig(PartConfig):
    """The part notices."""

    name = "shouwen.notices"
    label = "notices"
