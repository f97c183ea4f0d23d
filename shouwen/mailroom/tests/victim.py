"""A worker to be killed: runs one service of the mailroom in a process of its own, with short leases.

python -m shouwen.mailroom.tests.victim send | fetch | read MAILBOX DEADLY
`read` reads what waits in the mailbox as the worker does, and dies of any mail with the deadly word.
"""

import os
import signal
import sys
import threading
import time
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402

from shouwen.mailroom import dispatch, fetching  # noqa: E402
from shouwen.mailroom.carriers.email.message import ParsedMail, read_mail  # noqa: E402
from shouwen.mailroom.jobs import understand_waiting  # noqa: E402
from shouwen.mailroom.operations import desk, sending  # noqa: E402
from shouwen.mailroom.queries import threads  # noqa: E402

settings.MAILROOM_ALLOW_PRIVATE = True
sending.LEASE = timedelta(seconds=1)
sending.LEASE_GRACE = timedelta(seconds=0.6)
dispatch.LEASE_RENEWAL_SECONDS = 0.2
dispatch.LOOK_SECONDS = 0.05
fetching.TEND_SECONDS = 0.2
fetching.BATCH = 5
desk.INBOUND_ATTEMPTS = 1


def read_for_ever(mailbox_id: int, deadly: bytes) -> None:
    def read(raw: bytes) -> ParsedMail:
        if deadly in raw:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_mail(raw)

    threads.read_mail = read  # type: ignore[attr-defined,assignment]
    while True:
        understand_waiting(mailbox_id=mailbox_id)
        time.sleep(0.1)


if __name__ == "__main__":
    if sys.argv[1] == "read":
        read_for_ever(int(sys.argv[2]), sys.argv[3].encode())
    work = {"send": dispatch.Dispatch, "fetch": fetching.Fetching}[sys.argv[1]]
    work(threading.Event()).run()
