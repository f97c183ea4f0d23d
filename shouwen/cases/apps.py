"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class CasesConfig(PartConfig):
    """The part cases."""

    name = "shouwen.cases"
    label = "cases"
