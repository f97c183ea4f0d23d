"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class AccountsConfig(PartConfig):
    """The part accounts."""

    name = "shouwen.accounts"
    label = "accounts"
