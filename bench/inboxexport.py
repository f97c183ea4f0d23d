"""A large export while the processes are weighed."""

import re
import time
from dataclasses import dataclass

from bench.inboxpages import HTMX, Reader
from bench.weight import Weight

ROWS = 100_000
DAYS = 730
WITHIN_SECONDS = 900
FILE = re.compile(r"/exports/(\d+)/file")


@dataclass(frozen=True)
class Exported:
    """How an export went: rows, seconds, and the memory of the processes before and at most."""

    rows: int
    seconds: float
    before_mb: float
    most_mb: float

    @property
    def growth(self) -> float:
        """At most so many times what it was before."""
        return round(self.most_mb / self.before_mb, 3)


def export_contacts(reader: Reader, weight: Weight, size: int) -> Exported:
    """The newest hundred thousand contacts, or all there are, written and fetched."""
    hours = int(24 * DAYS * min(1.0, ROWS / size)) + 1
    before = weight.settled()["shouwen"]
    begun, most = time.monotonic(), before
    reader.post(
        f"/exports/new/contacts?tab=all&hours={min(hours, 24 * 366)}", {"file_format": "xlsx"}
    )
    while not (ready := FILE.search(reader.get("/exports/", **HTMX))):
        most = max(most, weight.now()["shouwen"])
        if time.monotonic() - begun > WITHIN_SECONDS:
            raise SystemExit("the export did not end")
        time.sleep(0.5)
    seconds = time.monotonic() - begun
    page = reader.get("/exports/", **HTMX)
    reader.fetch(ready.group())
    most = max(most, weight.now()["shouwen"])
    rows = re.search(r'sw-number">(\d+)<', page)
    return Exported(int(rows.group(1)) if rows else 0, round(seconds, 1), before, most)
