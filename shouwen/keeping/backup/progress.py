"""How far long work is, on the terminal: one line that moves, or a line now and then in a log."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from django.utils.translation import gettext as _

REDRAW_SECONDS = 0.2
LOG_SECONDS = 15.0
BAR = 24


def size_text(size: float) -> str:
    """Bytes in the unit that fits."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit in {"B", "KB"} else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"


def number_text(number: float) -> str:
    """A count with separators."""
    return f"{number:,.0f}"


class Progress:
    """One step of long work: how much of it is done, how fast, and how long it has taken."""

    def __init__(
        self, label: str, total: float, show: Callable[[float], str], out: TextIO | None = None
    ) -> None:
        self.label = label
        self.total = total
        self.show = show
        self.out = out
        self.done = 0.0
        self.begun_at = time.monotonic()
        self._shown_at = 0.0

    def add(self, amount: float) -> None:
        """So much more is done."""
        self.at(self.done + amount)

    def at(self, done: float) -> None:
        """So much is done by now."""
        self.done = min(done, self.total)
        pause = REDRAW_SECONDS if self._moves else LOG_SECONDS
        if self.out and time.monotonic() - self._shown_at >= pause:
            self._shown_at = time.monotonic()
            self._write(self.text())

    def end(self) -> None:
        """The step is done."""
        self.done = self.total
        if self.out:
            self._write(self.text(), is_last=True)

    def text(self) -> str:
        """Label, percentage, amount and rate."""
        share = min(1.0, self.done / self.total) if self.total else 1.0
        seconds = max(time.monotonic() - self.begun_at, 0.001)
        amount = _("%(done)s of %(total)s, %(rate)s a second") % {
            "done": self.show(self.done),
            "total": self.show(self.total),
            "rate": self.show(self.done / seconds),
        }
        bar = "█" * round(share * BAR) + "░" * (BAR - round(share * BAR))
        return f"{self.label} {bar} {share:4.0%}  {amount}"

    @property
    def _moves(self) -> bool:
        return bool(self.out and self.out.isatty())

    def _write(self, text: str, *, is_last: bool = False) -> None:
        if self.out is None:
            return
        if self._moves:
            self.out.write(f"\r\x1b[K{text}" + ("\n" if is_last else ""))
        else:
            self.out.write(text + "\n")
        self.out.flush()


def terminal() -> TextIO:
    """Where progress goes: never into what a program reads from us."""
    return sys.stderr
