"""What a carrier is: the way by which things of one channel come and go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from shouwen.mailroom.models import Mailbox, Outbound


@dataclass(frozen=True)
class HandOver:
    """What the other side said to each recipient: took it, refused it for good, or come again.

    `mailbox_error` is set when the fault lies with the mailbox (password, server down) and not with
    this one mail.
    """

    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    postponed: dict[str, str] = field(default_factory=dict)
    mailbox_error: str = ""

    @property
    def error(self) -> str:
        """The first complaint."""
        return next(iter([*self.refused.values(), *self.postponed.values()]), "")


@dataclass(frozen=True)
class Hold:
    """A worker's hold on the row it sends.

    `still_mine` is asked right before the point of no return. `taken` is told, before another word
    is said to the other side, which recipients it took: a worker that dies later sends nothing again.
    """

    still_mine: Callable[[], bool]
    taken: Callable[[list[str]], None]


@dataclass(frozen=True)
class Check:
    """How one direction of a mailbox did when tried, in words for the screen."""

    direction: str
    is_well: bool
    words: str


class Carrier(Protocol):
    """One way out and in. To add one: a folder beside `email`, and a line in registry.py."""

    channel: str

    def hand_over(self, outbound: Outbound, raw: bytes, *, hold: Hold) -> HandOver:
        """Send to the pending recipients; `hold` is asked before the point of no return and told after it."""

    def check(self, mailbox: Mailbox) -> list[Check]:
        """Try both directions without sending or fetching anything."""
