"""What a process and the parent that started it tell each other, through two pipes."""

import os


def wait_until_let_go() -> None:
    """Return when the parent closes its end of the pipe WAIT_FD, or at once if there is none."""
    given = os.environ.get("WAIT_FD")
    if given:
        descriptor = int(given)
        os.read(descriptor, 1)
        os.close(descriptor)


def say_ready() -> None:
    """Tell the parent that this process does its work now, if it wants to know (READY_FD)."""
    given = os.environ.pop("READY_FD", None)
    if given:
        descriptor = int(given)
        os.write(descriptor, b"1")
        os.close(descriptor)
