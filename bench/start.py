"""Cold start with the demo's data present, and the memory of all processes together."""

import json
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from tests.served import Served

ROUNDS = 5
SETTLE_SECONDS = 6.0


def _memory_mb(processes: list[psutil.Process]) -> tuple[float, float]:
    """Resident memory, and the same with shared pages counted once (PSS), in MB."""
    infos = [process.memory_full_info() for process in processes]
    return sum(one.rss for one in infos) / 2**20, sum(one.pss for one in infos) / 2**20


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    with tempfile.TemporaryDirectory(prefix="shouwen-bench-") as folder:
        served = Served(Path(folder) / "data")
        print("building the demo once ...", flush=True)
        served.start()
        served.stop()
        seconds, memory = [], []
        for number in range(ROUNDS):
            begun = time.monotonic()
            served.start()
            seconds.append(time.monotonic() - begun)
            time.sleep(SETTLE_SECONDS)
            memory.append(_memory_mb(served.processes()))
            print(f"round {number + 1}: {seconds[-1]:.2f} s, {memory[-1][0]:.0f} MB", flush=True)
            served.stop()
    rss = statistics.median(one[0] for one in memory)
    pss = statistics.median(one[1] for one in memory)
    result = {
        "cold_s": round(statistics.median(seconds), 2),
        "rss_mb": round(rss),
        "pss_mb": round(pss),
        "rounds": ROUNDS,
    }
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
