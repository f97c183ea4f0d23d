"""What this part shows on pages of others."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.slots import panel
from shouwen.notices.queries import open_faults, unread_notices
from shouwen.ui.cards import HealthRow
from shouwen.ui.navigation import MenuItem, RailItem


@panel("rail", order=90)
def bell_on_the_rail(request: StaffRequest) -> RailItem:
    """The bell with the number of unread notices."""
    return RailItem(
        name="notices",
        label=_("Notices"),
        url=reverse("notices:list"),
        icon="bell",
        waiting=(unread_notices(request.user),),
        live=f"staff:{request.user.pk}:notice",
    )


@panel("menu", order=50)
def own_links(request: StaffRequest) -> list[MenuItem]:
    """How to be told, the start of the day, and the way to report a fault."""
    del request
    return [
        MenuItem(label=_("How I am told"), url=reverse("notices:preferences"), icon="bell"),
        MenuItem(
            label=_("Start-of-day check"), url=reverse("notices:start_of_day"), icon="checklist"
        ),
        MenuItem(label=_("Report a fault"), url=reverse("notices:faults"), icon="tool"),
    ]


@panel("health.rows", order=80)
def faults_row(request: StaffRequest) -> list[HealthRow]:
    """Faults of the office that nobody has resolved."""
    del request
    count = open_faults().count()
    if not count:
        text = _("No open fault.")
    else:
        text = ngettext("%d fault is open.", "%d faults are open.", count) % count
    return [
        HealthRow(
            label=_("Faults of the office"),
            group="office",
            state="near" if count else "well",
            text=text,
            url=reverse("notices:faults"),
        )
    ]
