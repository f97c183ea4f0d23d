"""What this part puts on pages of others."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.slots import panel
from shouwen.quality.queries.rules import unread_versions
from shouwen.quality.queries.standards import principles
from shouwen.ui.navigation import RailItem


@panel("rail", order=70)
def rules_on_the_rail(request: StaffRequest) -> RailItem:
    """The way to the rules, with the number of those this person has still to read."""
    return RailItem(
        name="rules",
        label=_("Rules"),
        url=reverse("quality:rules"),
        icon="book",
        waiting=(unread_versions(request.user),),
    )


@panel("home.blocks", order=90)
def principles_at_home(request: StaffRequest) -> SafeString | None:
    """The principles of service, where everybody's day begins (D268)."""
    shown = list(principles())
    if not shown:
        return None
    return render_to_string("quality/panels/principles.html", {"principles": shown}, request)
