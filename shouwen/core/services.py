"""Long-running work inside the worker process: each service is a thread that is started again if it dies."""

import logging
import os
import socket
import threading
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from shouwen.core.models import Heartbeat

logger = logging.getLogger(__name__)

Service = Callable[[threading.Event], None]
LONGEST_PAUSE_SECONDS = 60.0
_services: dict[str, Service] = {}


def service(name: str) -> Callable[[Service], Service]:
    """Register a function that runs until the event it is given is set."""

    def register(function: Service) -> Service:
        _services[name] = function
        return function

    return register


def beat(name: str, *, is_well: bool = True, note: str = "") -> None:
    """Say that `name` is alive, and how it is."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"beat_at": timezone.now(), "is_well": is_well, "note": note[:2000]}
    )


def process_name(kind: str) -> str:
    """The name of this process in the list of heartbeats."""
    return f"{kind}:{socket.gethostname()}:{os.getpid()}"


def start_services(stop: threading.Event) -> list[threading.Thread]:
    """Start every registered service in a thread of its own."""
    threads = [
        threading.Thread(target=_keep_running, args=(name, run, stop), name=name, daemon=True)
        for name, run in _services.items()
    ]
    for thread in threads:
        thread.start()
    return threads


def _keep_running(name: str, run: Service, stop: threading.Event) -> None:
    pause = 1.0
    while not stop.is_set():
        try:
            run(stop)
            pause = 1.0
        except Exception:
            logger.exception("service %s stopped, again in %d s", name, pause)
            close_old_connections()
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
