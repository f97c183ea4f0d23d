"""Charts as plain geometry: columns, a running line, a mark. Drawn as SVG by `c-chart`; a table stands beside each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 250.0
LEFT, RIGHT, TOP, FOOT = 44.0, 44.0, 18.0, 44.0
STEPS = 4
COLUMN_MOST = 54.0
LABELS_MOST = 16
INSIDE = 26.0  # from this height on a number fits into its column


@dataclass(frozen=True, kw_only=True)
class Point:
    """What a column stands for: its name, its value, where it leads, how it is toned."""

    name: str
    value: float
    href: str = ""
    tone: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Column:
    """A column where it is drawn; positions are texts, for no language may put commas into them."""

    point: Point
    x: str
    y: str
    width: str
    height: str
    middle: str
    label: str
    label_y: str
    value_y: str
    is_valued: bool
    is_inside: bool  # the number stands in the column, where a line would run through it above


@dataclass(frozen=True)
class Tick:
    """A line across the chart and its number."""

    y: str
    text_y: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart, ready to be drawn."""

    columns: list[Column]
    ticks: list[Tick]
    running: str = ""  # the points of the running line
    dots: tuple[tuple[str, str, str], ...] = ()
    mark_y: str = ""
    mark_text: str = ""
    mark_text_y: str = ""

    @property
    def is_empty(self) -> bool:
        """There is nothing to draw."""
        return not any(column.point.value for column in self.columns)

    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    left = f"{LEFT:.1f}"
    right = f"{WIDTH - RIGHT:.1f}"
    beyond = f"{WIDTH - RIGHT + 5:.1f}"
    before = f"{LEFT - 6:.1f}"
    ground = f"{HEIGHT - FOOT:.1f}"


def column_chart(
    points: Sequence[Point], *, running: Sequence[float] = (), mark: float | None = None
) -> Chart:
    """Columns from nothing up; `running` are shares from 0 to 1 drawn as a line, `mark` one of them across.

    With a running line the columns are measured against their sum, so that both share one scale:
    the diagram of Pareto.
    """
    top = sum(point.value for point in points) if running else _round_up(points)
    top = top or 1.0
    room = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    every = math.ceil(len(points) / LABELS_MOST) or 1
    columns = [
        _column(point, place, room, top, is_named=place % every == 0, is_inside=bool(running))
        for place, point in enumerate(points)
    ]
    dots = tuple(
        (f"{LEFT + room * (place + 0.5):.1f}", f"{_height(share):.1f}", f"{100 * share:.0f}%")
        for place, share in enumerate(running)
    )
    return Chart(
        columns=columns,
        ticks=_ticks(top),
        running=" ".join(f"{x},{y}" for x, y, _text in dots),
        dots=dots,
        mark_y="" if mark is None else f"{_height(mark):.1f}",
        mark_text="" if mark is None else f"{100 * mark:.0f}%",
        mark_text_y="" if mark is None else f"{_height(mark) + 4:.1f}",
    )


def _height(share: float) -> float:
    return HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP)


def _column(
    point: Point, place: int, room: float, top: float, *, is_named: bool, is_inside: bool
) -> Column:
    is_inside = is_inside and point.value / top * (HEIGHT - FOOT - TOP) > INSIDE
    width = min(COLUMN_MOST, room * 0.68)
    middle = LEFT + room * (place + 0.5)
    y = _height(point.value / top)
    if point.value:
        y = min(y, HEIGHT - FOOT - 1)  # the smallest is still seen
    # A Chinese character is twice as wide as a digit.
    longest = int(room / (6.8 if point.name.isascii() else 12.5))
    longest = max(5 if point.name.isascii() else 2, longest)
    label = point.name if len(point.name) <= longest else f"{point.name[: longest - 1]}…"
    return Column(
        point=point,
        x=f"{middle - width / 2:.1f}",
        y=f"{y:.1f}",
        width=f"{width:.1f}",
        height=f"{HEIGHT - FOOT - y:.1f}",
        middle=f"{middle:.1f}",
        label=label if is_named else "",
        label_y=f"{HEIGHT - FOOT + 17:.1f}",
        value_y=f"{y + 17:.1f}" if is_inside else f"{y - 5:.1f}",
        is_inside=is_inside,
        is_valued=room > 22 and bool(point.value),
    )


def _round_up(points: Sequence[Point]) -> float:
    """The next number that divides well into four above the highest point."""
    highest = max((point.value for point in points), default=0.0)
    if highest <= 0:
        return float(STEPS)
    unit = 10.0 ** math.floor(math.log10(highest / STEPS)) if highest > STEPS else 1.0
    for times in (1, 2, 2.5, 5, 10):
        step = unit * times
        if step * STEPS >= highest and (step == int(step) or highest < STEPS):
            return step * STEPS
    return unit * 10 * STEPS


def _ticks(top: float) -> list[Tick]:
    ticks = []
    for step in range(STEPS + 1):
        value = top * step / STEPS
        y = _height(step / STEPS)
        text = f"{value:.0f}" if value == int(value) else f"{value:.1f}"
        ticks.append(Tick(f"{y:.1f}", f"{y + 4:.1f}", text))
    return ticks
