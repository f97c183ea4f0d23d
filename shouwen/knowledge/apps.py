"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class KnowledgeConfig(PartConfig):
    """The part knowledge."""

    name = "shouwen.knowledge"
    label = "knowledge"
