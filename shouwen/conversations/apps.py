"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class ConversationsConfig(PartConfig):
    """The part conversations."""

    name = "shouwen.conversations"
    label = "conversations"
