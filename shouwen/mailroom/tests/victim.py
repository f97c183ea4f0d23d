"""A worker to be killed: runs one service of the mailroom in a process of its own, with short leases.

python -m shouwen.mailroom.tests.victim send|fetch [die-after]
`die-after` kills the process between the server's 250 and the record of the n-th mail.
"""

import itertools
import os
import signal
import sys
import threading
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402

from shouwen.mailroom import dispatch, fetching  # noqa: E402
from shouwen.mailroom.operations import sending  # noqa: E402

settings.MAILROOM_ALLOW_PRIVATE = True
sending.LEASE = timedelta(seconds=1)
sending.LEASE_GRACE = timedelta(seconds=0.6)
dispatch.LEASE_RENEWAL_SECONDS = 0.2
dispatch.LOOK_SECONDS = 0.05
fetching.TEND_SECONDS = 0.2
fetching.BATCH = 5


def die_after(count: int) -> None:
    numbers = itertools.count(1)
    real = dispatch._record

    def record(*arguments: object) -> None:
        if next(numbers) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        real(*arguments)  # type: ignore[arg-type]

    dispatch._record = record


if __name__ == "__main__":
    if len(sys.argv) > 2:
        die_after(int(sys.argv[2]))
    work = {"send": dispatch.Dispatch, "fetch": fetching.Fetching}[sys.argv[1]]
    work(threading.Event()).run()
