"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class UiConfig(PartConfig):
    """The part ui."""

    name = "shouwen.ui"
    label = "ui"
