"""What the shell itself puts on the rail, into its pages and on the terminal of who starts it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import workspace_counts
from shouwen.core.slots import filled, panel
from shouwen.notices.models import FaultReport
from shouwen.notices.queries import visible_faults
from shouwen.ui.navigation import RailItem
from shouwen.web.firstrun import has_administrator, setup_code

SET_UP = """
  第一次使用：打开 {url}/setup/
  首次设置码：{code}   (the first-run page asks for this code)
"""


@panel("prepared", order=90)
def tell_setup_code(say: Callable[[str], object]) -> None:
    """Until there is an administrator, whoever starts the server reads the code of the first run."""
    if not has_administrator():
        say(SET_UP.format(url=settings.PUBLIC_URL, code=setup_code()))


@dataclass(frozen=True)
class Tile:
    """A figure of the home page; `warns` is its colour when it is not zero."""

    label: str
    value: int
    url: str
    warns: str = ""

    @property
    def tone(self) -> str:
        """Coloured only when there is something."""
        return self.warns if self.value else ""


@panel("rail", order=5)
def home_item(request: StaffRequest) -> RailItem:
    """The way to what waits for me."""
    del request
    return RailItem(
        name="home", label=_("Home"), url=reverse("web:home"), icon="home", shortcut="g h"
    )


@panel("rail", order=85)
def search_item(request: StaffRequest) -> RailItem:
    """The search over everything."""
    del request
    return RailItem(
        name="search", label=_("Search"), url=reverse("web:search"), icon="search", shortcut="g /"
    )


@panel("rail", order=99)
def settings_item(request: StaffRequest) -> RailItem | None:
    """The settings, for who may set anything."""
    if not filled("settings.cards", request):
        return None
    return RailItem(
        name="settings", label=_("Settings"), url=reverse("web:settings"), icon="settings"
    )


@panel("home.tiles", order=10)
def conversations_now(request: StaffRequest) -> SafeString | None:
    """How it stands with conversations this person may see; each figure opens its list."""
    staff = request.user
    if not staff.may(ConversationPermission.SERVE):
        return None
    counts = workspace_counts(staff)
    workspace = reverse("conversations:workspace")
    tiles = [
        Tile(_("Waiting in the queue"), counts["waiting"], f"{workspace}?tab=waiting", "late"),
        Tile(_("Served by others"), counts["others"], f"{workspace}?tab=others"),
        Tile(_("Served by me"), counts["mine"], f"{workspace}?tab=mine"),
        Tile(_("Messages left"), counts["messages"], f"{workspace}?tab=messages", "near"),
        Tile(_("Call-backs owed"), counts["call_backs"], f"{workspace}?tab=call_backs", "near"),
        Tile(_("Unsolved points"), counts["unsolved"], f"{workspace}?tab=unsolved", "near"),
    ]
    return mark_safe(render_to_string("web/tiles.html", {"tiles": tiles}))  # noqa: S308 - a template


@panel("home.tiles", order=80)
def faults_now(request: StaffRequest) -> SafeString:
    """Faults of the office that this person may see and that are not resolved."""
    count = visible_faults(request.user).exclude(state=FaultReport.State.RESOLVED).count()
    tiles = [Tile(_("Open faults"), count, reverse("notices:faults"), "near")]
    return mark_safe(render_to_string("web/tiles.html", {"tiles": tiles}))  # noqa: S308 - a template
