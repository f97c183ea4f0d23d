"""Slots: a page offers a place, parts above put something there. The page knows none of them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Panel = Callable[..., Any]


@dataclass(frozen=True, order=True)
class Placed:
    """A panel and its place in the order."""

    order: int
    name: str
    panel: Panel


_slots: dict[str, list[Placed]] = defaultdict(list)


def panel(slot: str, *, order: int = 50) -> Callable[[Panel], Panel]:
    """Put a function into a slot; it is called with what the page passes and returns HTML or None."""

    def register(function: Panel) -> Panel:
        name = f"{function.__module__}.{function.__qualname__}"
        placed = Placed(order, name, function)
        if placed not in _slots[slot]:
            _slots[slot].append(placed)
            _slots[slot].sort(key=lambda one: (one.order, one.name))
        return function

    return register


def panels_in(slot: str) -> list[Panel]:
    """The functions in a slot, in order."""
    return [placed.panel for placed in _slots[slot]]


def filled(slot: str, *arguments: Any) -> list[Any]:
    """What the functions in a slot return, without the empty answers."""
    return [answer for one in panels_in(slot) if (answer := one(*arguments)) is not None]
