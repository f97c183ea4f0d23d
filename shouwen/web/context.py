"""What every page of staff needs from the shell: rail, menu, banners. Worked out only when drawn."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from shouwen.accounts.models import PresenceState, Staff
from shouwen.accounts.queries import presence_state
from shouwen.core.counting import SHOWN_MOST, counts_of
from shouwen.core.slots import filled
from shouwen.ui.navigation import MenuItem, RailItem


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `rail_items`, `menu_items`, `shell_banners`, `settings_url`, ..."""
    items = SimpleLazyObject(lambda: rail_items(request))
    return {
        "rail_items": items,
        "rail_live": SimpleLazyObject(lambda: rail_live(items)),
        "rail_url": reverse("web:rail"),
        "my_presence": SimpleLazyObject(lambda: my_presence(request)),
        "menu_items": SimpleLazyObject(lambda: menu_items(request)),
        "shell_banners": SimpleLazyObject(lambda: shell_banners(request)),
        "settings_url": reverse("web:settings"),
        "sign_out_url": reverse("accounts:sign_out"),
    }


def _signed_in(request: HttpRequest) -> bool:
    return isinstance(getattr(request, "user", None), Staff)


def rail_items(request: HttpRequest) -> list[RailItem]:
    """What the parts put on the rail for this person: slot `rail`, (request) -> RailItem or list."""
    return _counted(_flat(filled("rail", request))) if _signed_in(request) else []


def _counted(items: list[RailItem]) -> list[RailItem]:
    """The items with what waits at each, asked of the database at once."""
    asked = {
        f"{place}.{part}": rows
        for place, item in enumerate(items)
        for part, rows in enumerate(item.waiting)
    }
    counts = counts_of(asked, most=SHOWN_MOST)
    return [
        replace(
            item,
            count=item.count + sum(counts[f"{place}.{part}"] for part in range(len(item.waiting))),
        )
        for place, item in enumerate(items)
    ]


def rail_live(items: Iterable[RailItem]) -> str:
    """The nudges that redraw the rail."""
    return " ".join(item.live for item in items if item.live)


def my_presence(request: HttpRequest) -> PresenceState | None:
    """What the person who is signed in is doing."""
    return presence_state(cast(Staff, request.user)) if _signed_in(request) else None


def menu_items(request: HttpRequest) -> list[MenuItem]:
    """Links in the person's own menu: slot `menu`, (request) -> MenuItem or list."""
    return _flat(filled("menu", request)) if _signed_in(request) else []


def shell_banners(request: HttpRequest) -> list[object]:
    """What must be seen on every page: slot `shell.banner`."""
    if not _signed_in(request):
        return []
    return _flat(filled("shell.banner", request))


def _flat(answers: Iterable[Any]) -> list[Any]:
    """Panels may return one thing or several."""
    return [
        one
        for answer in answers
        for one in (answer if isinstance(answer, list | tuple) else [answer])
    ]
