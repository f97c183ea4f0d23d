"""How this part plugs itself in."""

from shouwen.core.apps import PartConfig


class CustomersConfig(PartConfig):
    """The part customers."""

    name = "shouwen.customers"
    label = "customers"
