"""How soon the product answers after a cold start with data present, and what memory it holds.

RESULT keys: `cold_s` seconds from the command to the first healthy answer, the middle of three;
`rss_mb` resident memory of all processes together, what they share counted once; `rss_sum_mb` the
plain sum, which counts shared memory again for every process.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.served import Served

ROUNDS = 3
SETTLE_SECONDS = 10.0
MEGABYTE = 1024 * 1024


def memory_of(processes: list[psutil.Process]) -> tuple[float, float]:
    """Proportional and plain resident memory of the processes, in MB."""
    shared_once = plain = 0
    for process in processes:
        memory = process.memory_full_info()
        plain += memory.rss
        shared_once += getattr(memory, "pss", memory.rss)
    return shared_once / MEGABYTE, plain / MEGABYTE


def measure(folder: Path) -> None:
    """Make the demo's data, then start cold a few times on them."""
    served = Served(folder / "data")
    begin = time.monotonic()
    served.start()
    print(f"first start, making the demo's data: {time.monotonic() - begin:.1f} s")
    served.stop()
    starts = []
    for number in range(ROUNDS):
        begin = time.monotonic()
        served.start()
        starts.append(time.monotonic() - begin)
        print(f"cold start {number + 1}: {starts[-1]:.2f} s")
        if number < ROUNDS - 1:
            served.stop()
    time.sleep(SETTLE_SECONDS)
    processes = served.processes()
    for process in processes:
        words = " ".join(process.cmdline())[:70]
        print(f"{memory_of([process])[0]:7.1f} MB  {process.pid}  {words}")
    shared_once, plain = memory_of(processes)
    served.stop()
    cold = statistics.median(starts)
    print(f"RESULT cold_s={cold:.2f} rss_mb={shared_once:.0f} rss_sum_mb={plain:.0f}")


def main() -> int:
    """Measure in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-bench-"))
    try:
        measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
