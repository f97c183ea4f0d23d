"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class MailroomConfig(PartConfig):
    """The part mailroom."""

    name = "shouwen.mailroom"
    label = "mailroom"
