"""What every request goes through: a clear answer when the database is away."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)
RETRY_SECONDS = "3"


class DatabaseAwayMiddleware:
    """Answers 503 with words instead of 500 when the database cannot be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            return self._away(request, error)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Views raise inside Django's own handling: answer there too."""
        if isinstance(exception, OperationalError | InterfaceError):
            return self._away(request, exception)
        return None

    def _away(self, request: HttpRequest, error: Exception) -> HttpResponse:
        logger.error("database away at %s: %s", request.path, error)
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = RETRY_SECONDS
        return response
