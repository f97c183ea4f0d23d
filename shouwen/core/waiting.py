"""A process that its parent started early waits here until the database is prepared."""

import os


def wait_until_let_go() -> None:
    """Return when the parent closes its end of the pipe WAIT_FD, or at once if there is none."""
    given = os.environ.get("WAIT_FD")
    if given:
        descriptor = int(given)
        os.read(descriptor, 1)
        os.close(descriptor)
