"""A million conversations: the list, one conversation and search over HTTP, and a large export.

SIZE (1000000) conversations, and a tenth of them for the growth; BENCH_DATA (.build/bench) keeps
the data folders for the next run; ROUNDS (30) is how often each page is asked for.
"""

import json
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.inboxexport import Exported, export_contacts
from bench.inboxload import loaded
from bench.inboxpages import Desk, Reader
from bench.inboxwords import Words, equal_to_a_scan
from bench.weight import Weight
from tests.served import Served

SIZE = int(os.environ.get("SIZE", "1000000"))
ROUNDS = int(os.environ.get("ROUNDS", "30"))
FOLDER = Path(os.environ.get("BENCH_DATA", ".build/bench")).resolve()
# An agent, the agents' supervisor, and the manager who sees everything.
READERS = ("limin", "wangfang", "linhai")


@dataclass
class Stage:
    """The milliseconds measured on one size, by what was asked for."""

    times: dict[str, list[float]] = field(default_factory=dict)
    exact: bool = True
    pss: dict[str, float] = field(default_factory=dict)
    exported: Exported | None = None

    def note(self, name: str, milliseconds: list[float]) -> None:
        """More of one kind."""
        self.times.setdefault(name, []).extend(milliseconds)

    def p50(self, name: str) -> float:
        """The median."""
        return statistics.median(self.times[name])

    def p95(self, name: str) -> float:
        """The time that 95 of 100 stay below."""
        return statistics.quantiles(self.times[name], n=20)[-1]


def measure(rows: int) -> Stage:
    """Everything on one size, each reader in turn."""
    folder = FOLDER / f"inbox-{rows}"
    known = loaded(folder, rows)
    print(f"\n{rows} conversations (filled in {known['seconds']} s)", flush=True)
    stage = Stage()
    served = Served(folder, demo=False)
    served.start()
    try:
        desk = Desk(folder)
        words = Words()
        for name in READERS:
            _read(stage, Reader(served, name), desk, words, name)
        stage.exact = equal_to_a_scan(folder, words, Reader(served, "linhai"))
        stage.pss = Weight(served).settled()
        stage.exported = export_contacts(Reader(served, "linhai"), Weight(served), rows)
    finally:
        served.stop()
    return stage


def _read(stage: Stage, reader: Reader, desk: Desk, words: Words, name: str) -> None:
    for kind, asks in (
        ("inbox", reader.lists()),
        ("conversation", reader.conversations(desk.some(name, ROUNDS))),
        ("thread", reader.threads(desk.some(name, ROUNDS))),
        ("search2", [reader.search(word) for word in words.of(2)]),
        ("search4", [reader.search(word) for word in words.of(4)]),
    ):
        rounds = 1 if kind in {"conversation", "thread"} else max(3, ROUNDS // 3)
        for label, ask in asks:
            taken = [ask() for _ in range(rounds + 1)][1 if rounds > 1 else 0 :]
            stage.note(kind, taken)
            stage.note(f"{kind} {label} ({name})", taken)


def _table(stage: Stage) -> None:
    for name, taken in stage.times.items():
        print(f"  {name:<58} p50 {statistics.median(taken):7.1f}  p95 {stage.p95(name):7.1f} ms")
    print(f"  equal to a scan: {stage.exact}; MB: {stage.pss}; {stage.exported}")


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    begun = time.monotonic()
    small, large = measure(SIZE // 10), measure(SIZE)
    for stage in (small, large):
        _table(stage)
    kinds = ("inbox", "conversation", "search2", "search4")
    growth = {kind: round(large.p95(kind) / small.p95(kind), 2) for kind in kinds}
    print(f"  growth of p95: {growth}; {time.monotonic() - begun:.0f} s in all")
    result = {
        "rows": SIZE,
        **{f"{kind}_p95_ms": round(large.p95(kind), 1) for kind in kinds},
        "growth": max(growth.values()),
        "search_exact": small.exact and large.exact,
        "list_p50_ms": round(large.p50("inbox"), 1),
        "open_p50_ms": round(large.p50("conversation"), 1),
        "pss_mb": round(large.pss["shouwen"]),
        "pss_postgres_mb": round(large.pss["postgres"]),
        "export_growth": large.exported.growth if large.exported else None,
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
