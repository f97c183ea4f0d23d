"""Whether this process is on its way out: it ends what it has begun and asks to be sent nothing new."""

import threading

_begun = threading.Event()


def begin_draining() -> None:
    """From now on /healthz says 503 and every answer closes its connection."""
    _begun.set()


def is_draining() -> bool:
    """Whether this process is on its way out."""
    return _begun.is_set()
