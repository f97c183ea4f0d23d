"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class ApiConfig(PartConfig):
    """The part api."""

    name = "shouwen.api"
    label = "api"
