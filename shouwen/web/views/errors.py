"""The answer when something broke: 503 while the database is away, else 500."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

from shouwen.accounts.decorators import open_to_all

RETRY_SECONDS = "5"


@open_to_all("an error page tells nothing about anybody")
def server_error(request: HttpRequest) -> HttpResponse:
    """Says nothing of the inside; the log does."""
    away = isinstance(sys.exc_info()[1], OperationalError | PoolTimeout)
    status = 503 if away else 500
    if request.path.startswith("/api/"):
        words = _("The service is not available just now.") if away else _("Something broke here.")
        response: HttpResponse = JsonResponse({"error": words}, status=status)
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if away:
        response["Retry-After"] = RETRY_SECONDS
    return response
