"""A million cases: lists, board, one case and search over HTTP, opening through the API, and the sweep.

SIZE (1000000) cases, and a tenth of them for the growth; BENCH_DATA (.build/bench) keeps the data
folders for the next run; ROUNDS (30) is how often each page is asked for; SECONDS (20) how long
cases are opened each way; WEB_PROCESSES (2) how many web processes serve.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.casesload import loaded
from bench.casesopen import Opened, customers_of, missing_in_the_books, opened
from bench.casespages import boards, lists, pages, searches, some_cases
from bench.casessweep import sweep
from bench.inboxpages import Reader
from bench.inboxwords import Words
from tests.served import Served

SIZE = int(os.environ.get("SIZE", "1000000"))
ROUNDS = int(os.environ.get("ROUNDS", "30"))
SECONDS = float(os.environ.get("SECONDS", "20"))
DUE = int(os.environ.get("DUE", "10000"))
FOLDER = Path(os.environ.get("BENCH_DATA", ".build/bench")).resolve()
# An agent, the agents' supervisor, and the manager who sees everything.
READERS = ("limin", "wangfang", "linhai")
KINDS = ("list", "board", "case", "search")
MAKE_KEY = (
    "import django; django.setup(); from django.utils import timezone;"
    "from shouwen.accounts.models import Staff; from shouwen.accounts.queries import system_staff;"
    "from shouwen.api.models import ApiKey; from shouwen.api.operations import make_api_key;"
    "new = make_api_key('bench', staff=Staff.objects.get(username='limin'),"
    " scopes=['cases:read', 'cases:write'], at=timezone.now(), by=system_staff());"
    "ApiKey.objects.filter(pk=new.key.pk).update(requests_per_minute=10**8); print(new.secret)"
)


@dataclass
class Stage:
    """The milliseconds measured on one size, by what was asked for."""

    times: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, milliseconds: list[float]) -> None:
        """More of one kind."""
        self.times.setdefault(name, []).extend(milliseconds)

    def p95(self, name: str) -> float:
        """The time that 95 of 100 stay below."""
        return statistics.quantiles(self.times[name], n=20)[-1]


def _read(stage: Stage, reader: Reader, folder: Path, words: Words, name: str) -> None:
    chosen = [*words.of(2), *words.of(4)]
    for kind, asks in (
        ("list", lists(reader)),
        ("board", boards(reader)),
        ("case", pages(reader, some_cases(folder, name, ROUNDS))),
        ("search", searches(reader, chosen)),
    ):
        rounds = 1 if kind == "case" else max(3, ROUNDS // 3)
        for label, ask in asks:
            taken = [ask() for _ in range(rounds + 1)][1 if rounds > 1 else 0 :]
            stage.note(kind, taken)
            stage.note(f"{kind} {label} ({name})", taken)


def _open(served: Served, folder: Path, how: str) -> Opened:
    environment = {
        **served.whole_environment(),
        "DJANGO_SETTINGS_MODULE": "shouwen.config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-c", MAKE_KEY],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    before = _seconds_used(served)
    told = opened(
        how,
        url=served.url,
        secret=made.stdout.strip(),
        customers=customers_of(folder),
        seconds=SECONDS,
    )
    after = _seconds_used(served)
    used = {name: round(after[name] - before.get(name, 0.0), 1) for name in after}
    missing = missing_in_the_books(folder, told)
    print(f"  {how}: {told.per_s:.0f}/s, {missing} missing in the books; CPU seconds {used}")
    if missing:
        raise SystemExit("an acknowledged case is not whole")
    return told


def _seconds_used(served: Served) -> dict[str, float]:
    """The processor time of each sort of process so far."""
    used: dict[str, float] = {}
    for one in served.processes():
        try:
            times, words = one.cpu_times(), one.cmdline()
            name = "postgres" if one.name() == "postgres" else words[-1] if words else "?"
        except psutil.Error:  # it has just ended
            continue
        used[name] = used.get(name, 0.0) + times.user + times.system
    return used


def measure(rows: int, stage: Stage) -> dict[str, Opened]:
    """Everything on one size, each reader in turn; opening only where `rows` is the whole size."""
    folder = FOLDER / f"cases-{rows}"
    known = loaded(folder, rows)
    print(f"\n{rows} cases (filled in {known['seconds']} s)", flush=True)
    served = Served(folder, demo=False, WEB_PROCESSES=os.environ.get("WEB_PROCESSES", "2"))
    served.start()
    try:
        words = Words()
        for name in READERS:
            _read(stage, Reader(served, name), folder, words, name)
        if rows != SIZE:
            return {}
        return {how: _open(served, folder, how) for how in ("open_one", "open_many")}
    finally:
        served.stop()


def _table(stage: Stage) -> None:
    for name, taken in stage.times.items():
        print(f"  {name:<58} p50 {statistics.median(taken):7.1f}  p95 {stage.p95(name):7.1f} ms")


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    begun = time.monotonic()
    small, large = Stage(), Stage()
    measure(SIZE // 10, small)
    made = measure(SIZE, large)
    for stage in (small, large):
        _table(stage)
    swept = sweep(FOLDER / f"cases-{SIZE}", min(DUE, SIZE // 100))
    print(f"  {swept}")
    growth = {kind: round(large.p95(kind) / small.p95(kind), 2) for kind in KINDS}
    print(f"  growth of p95: {growth}; {time.monotonic() - begun:.0f} s in all")
    result = {
        "rows": SIZE,
        "created_per_s": round(made["open_one"].per_s),
        "batch_per_s": round(made["open_many"].per_s),
        **{f"{kind}_p95_ms": round(large.p95(kind), 1) for kind in KINDS},
        "growth": max(growth.values()),
        "sweep_s": round(swept.seconds, 2),
        "sweep_doubles": swept.doubles + swept.left,
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
