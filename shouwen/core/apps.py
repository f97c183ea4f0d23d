"""How a part plugs itself in: its reactions, jobs, panels and services are imported at start."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

PLUGGED_MODULES = (
    "permissions",
    "events",
    "jobs",
    "handlers",
    "panels",
    "services",
    "exportables",
)


class PartConfig(AppConfig):
    """The AppConfig of a part; imports the modules that register themselves."""

    def __init_subclass__(cls) -> None:
        # Two configs are in a part's apps.py, this one and the part's own: Django takes the default.
        cls.default = True

    def ready(self) -> None:
        for module in PLUGGED_MODULES:
            name = f"{self.name}.{module}"
            if find_spec(name):
                import_module(name)


class CoreConfig(PartConfig):
    """Core itself."""

    name = "shouwen.core"
    label = "core"
