"""What parts hand to the pages of `web`: cards of the settings page, rows of the health page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise

HealthState = Literal["well", "near", "ill", "unknown"]
HealthGroup = Literal["work", "mail", "storage", "machine", "office"]


@dataclass(frozen=True, kw_only=True)
class SettingsCard:
    """A page of settings. Slot `settings.cards`: (request) -> SettingsCard, or None if not allowed."""

    label: str | Promise
    text: str | Promise
    url: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class HealthRow:
    """One thing that can be well or ill. Slot `health.rows`: (request) -> list of HealthRow.

    `text` says in plain words how it is and what that means, `advice` what to do about it. A row that is `ill` and
    `is_banner` is also told on top of every page to whoever may see the health page.
    """

    label: str | Promise
    state: HealthState
    text: str | Promise
    advice: str | Promise = ""
    group: HealthGroup = "office"
    url: str = ""
    seen_at: datetime | None = None
    is_banner: bool = False


WAITING_MOST = 30  # rows that the page shows; a part gives one more, so that the page knows


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing somebody has to see to. Slots `home.waiting`, `home.missed`: (request) -> list of Waiting.

    It has waited since `at`, red after `late_after` seconds, or, if `is_due`, falls due then. Each part gives
    its oldest, one more than WAITING_MOST at most; the page puts them in one order.
    """

    key: str
    what: str | Promise
    icon: str
    title: str
    url: str
    at: datetime
    is_due: bool = False
    late_after: int = 0
    text: str = ""
    who: str = ""

    @property
    def near_after(self) -> int:
        """The seconds of waiting after which it turns amber."""
        return self.late_after * 6 // 10
