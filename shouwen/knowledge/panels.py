"""What this part shows on pages of others, and installs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.queries import system_staff
from shouwen.core.slots import panel
from shouwen.knowledge.operations import install_courtesy, install_taboos
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.ui.navigation import RailItem


@panel("install", order=30)
def install() -> None:
    """The polite and the taboo phrases that every team begins with."""
    install_courtesy(by=system_staff())
    install_taboos(by=system_staff())


@panel("rail", order=50)
def phrases_on_the_rail(request: StaffRequest) -> RailItem | None:
    """The way to the phrases."""
    if not request.user.may(KnowledgePermission.USE_PHRASES):
        return None
    return RailItem(
        name="knowledge",
        label=_("Phrases"),
        url=reverse("knowledge:phrases"),
        icon="bolt",
        shortcut="g p",
    )
