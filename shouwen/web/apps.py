"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class WebConfig(PartConfig):
    """The part web."""

    name = "shouwen.web"
    label = "web"
