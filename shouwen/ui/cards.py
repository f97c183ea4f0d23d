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
