"""What the parts above put on the rail and into the menu of the signed-in person."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class RailItem:
    """A link on the rail. Given to pages in the context as `rail_items`.

    `name` is what a page gives as its `section`; `count` is what waits there, 0 shows nothing;
    `waiting` are rows to be counted into it, those of all items in one query;
    `shortcut` is a key or two ("g c").
    """

    name: str
    label: str | Promise
    url: str
    icon: str
    count: int = 0
    waiting: tuple[QuerySet[Any, Any], ...] = ()
    live: str = ""
    shortcut: str = ""
    is_current: bool = False

    def marked(self, *, section: str, path: str) -> "RailItem":
        """The same item, current when its section is shown or, without one, when its address is."""
        is_home = self.url == "/"
        here = path == self.url or (not is_home and path.startswith(self.url))
        return replace(self, is_current=self.name == section if section else here)


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """A link in the menu of the signed-in person. Given to pages in the context as `menu_items`."""

    label: str | Promise
    url: str
    icon: str = ""
