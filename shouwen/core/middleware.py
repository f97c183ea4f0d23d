"""What every request goes through: clear answers to what cannot be stored, when the database is away
or the disk is full.
"""

import errno
import logging
from collections.abc import Callable

from django.db import Error as DatabaseTrouble
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shouwen.core.requestlog import route_of
from shouwen.core.room import has_room_for_work

logger = logging.getLogger(__name__)
RETRY_SECONDS = "3"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
# PostgreSQL's word for a full disk, and the refusals it gives while it has no memory or connections.
DISK_FULL = "53100"
AWAY, FULL = 503, 507


class NoNulMiddleware:
    """Answers 400 to NUL characters, which no text column can hold, wherever a form or address has them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse an address with a NUL."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return self._refused(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_more: object
    ) -> HttpResponse | None:
        """Refuse a form with a NUL. Views without a form's token read their body themselves."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        if any("\x00" in one for _name, values in request.POST.lists() for one in values):
            return self._refused(request)
        return None

    def _refused(self, request: HttpRequest) -> HttpResponse:
        words = _("The request holds a NUL character.")
        if _is_program(request):
            return JsonResponse({"error": words}, status=400)
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")


class DatabaseAwayMiddleware:
    """Answers 503 with words instead of 500 when the database cannot be reached or does not answer,
    and 507 when there is no room: reading goes on, and nothing is begun that could not be ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS and not has_room_for_work():
            return _answer(request, FULL)
        try:
            return self.get_response(request)
        except (DatabaseTrouble, OSError) as error:
            return self._explain(request, error, unknown=error)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Views raise inside Django's own handling: answer there too."""
        if (status := _status_of(exception)) is None:
            return None
        logger.error("%d at %s: %s", status, route_of(request), exception)
        return _answer(request, status)

    def _explain(
        self, request: HttpRequest, error: Exception, *, unknown: Exception
    ) -> HttpResponse:
        response = self.process_exception(request, error)
        if response is None:
            raise unknown
        return response


def _status_of(error: Exception) -> int | None:
    """The status of a trouble that is nobody's mistake, else None."""
    if getattr(error.__cause__ or error, "sqlstate", None) == DISK_FULL:
        return FULL
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FULL
    if isinstance(error, OperationalError | InterfaceError):
        return AWAY
    return None


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    response = (
        JsonResponse({"error": _words(status)}, status=status)
        if _is_program(request)
        else HttpResponse(render_to_string(f"{status}.html"), status=status)
    )
    response["Retry-After"] = RETRY_SECONDS
    return response


def _words(status: int) -> str:
    if status == FULL:
        return _(
            "There is no room left on the server. Nothing was changed; please try again later."
        )
    return _("The service is away for a moment. Please try again shortly.")


def _is_program(request: HttpRequest) -> bool:
    """A program, or a script of a page: it reads JSON."""
    kinds = f"{request.headers.get('Accept', '')} {request.headers.get('Content-Type', '')}"
    return "application/json" in kinds or "Authorization" in request.headers
