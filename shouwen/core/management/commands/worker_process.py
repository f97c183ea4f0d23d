"""One worker process: background jobs, timers and services. `shouwen worker` keeps it alive."""

import asyncio
import threading

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from shouwen.core.jobs import run_worker
from shouwen.core.services import beat, process_name, start_services
from shouwen.core.waiting import say_ready, wait_until_let_go

BEAT_SECONDS = 5.0


class Command(BaseCommand):
    """Run jobs, timers and services until told to stop."""

    help = "One worker process; `shouwen worker` keeps it alive."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Work until SIGTERM; running jobs get a few seconds to end."""
        del args, options
        wait_until_let_go()
        stop = threading.Event()
        start_services(stop)
        threading.Thread(target=self._beat, args=(stop,), daemon=True).start()
        say_ready()
        try:
            asyncio.run(run_worker(concurrency=settings.WORKER_CONCURRENCY))
        finally:
            stop.set()

    def _beat(self, stop: threading.Event) -> None:
        name = process_name("worker")
        while not stop.wait(BEAT_SECONDS):
            try:
                beat(name)
            except Error:
                close_old_connections()
