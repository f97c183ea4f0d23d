"""One web process, on the socket that its parent holds (`shouwen up`, `shouwen web`) or on PORT."""

import os
import socket
from importlib import import_module

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver

from shouwen.core.postgres.base import answer_or_refuse, open_first_connections
from shouwen.core.serving import LeavingServer
from shouwen.core.waiting import wait_until_let_go


class Command(BaseCommand):
    """Serve pages, API and sockets."""

    help = "One web process; `shouwen web` starts as many as wanted."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Serve until SIGTERM; requests under way get a few seconds to end."""
        del args, options
        application = settings.ASGI_APPLICATION.replace(".application", ":application")
        import_module(application.partition(":")[0])
        _ = get_resolver().url_patterns
        wait_until_let_go()
        answer_or_refuse()
        open_first_connections()
        config = uvicorn.Config(
            application,
            host=os.environ.get("HOST", "127.0.0.1"),
            port=settings.PORT,
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=64 * 1024,
            ws_ping_interval=20.0,
            ws_ping_timeout=20.0,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
        inherited = os.environ.get("LISTEN_FD")
        sockets = [socket.socket(fileno=int(inherited))] if inherited else None
        LeavingServer(config).run(sockets=sockets)
