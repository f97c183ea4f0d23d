"""What a key may reach: reading or writing, area by area."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Area:
    """A part of the API that keys are given for."""

    code: str
    label: str | Promise

    def scope(self, method: str) -> str:
        """The scope a request of this method needs."""
        return f"{self.code}:{'read' if method in READING_METHODS else 'write'}"


AREAS = {
    area.code: area
    for area in (
        Area("cases", _("Cases")),
        Area("conversations", _("Conversations")),
        Area("customers", _("Customers")),
        Area("exports", _("Exports")),
        Area("phrases", _("Phrases")),
        Area("staff", _("Staff")),
    )
}
READ_ONLY = frozenset({"staff"})


def all_scopes() -> list[tuple[str, str]]:
    """Every scope with its name, for forms."""
    scopes = []
    for area in AREAS.values():
        scopes.append((f"{area.code}:read", str(_("%s: read") % area.label)))
        if area.code not in READ_ONLY:
            scopes.append((f"{area.code}:write", str(_("%s: write") % area.label)))
    return scopes
