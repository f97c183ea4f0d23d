"""Every request has an id, in the log and in its answer; slow and broken ones are written down."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shouwen.core.logs import Facts, doing

logger = logging.getLogger("shouwen.requests")
HEADER = "X-Request-ID"
# Others' ids are taken over only if they are words that can do no harm in a log.
GOOD_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
SLOW_SECONDS = 1.0


class RequestLogMiddleware:
    """Outermost: what happens inside is logged with the request's id and the member of staff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if GOOD_ID.match(given) else uuid.uuid4().hex[:16]
        begun = time.perf_counter()
        with doing(request=request_id) as facts:
            response = self.get_response(request)
            response[HEADER] = request_id
            _note(request, response.status_code, time.perf_counter() - begun, facts)
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the address that was asked for: paths may hold names and tokens."""
    match = request.resolver_match
    if match is None:
        return "none"
    return match.view_name or match.route


def _note(request: HttpRequest, status: int, seconds: float, facts: Facts) -> None:
    user = getattr(request, "_cached_user", None)
    if user is not None and user.pk:
        facts["staff"] = user.pk
    is_bad = status >= 500 or seconds > SLOW_SECONDS
    if not is_bad and not settings.LOG_REQUESTS:
        return
    words = (request.method, route_of(request), status, seconds * 1000)
    logger.log(logging.WARNING if is_bad else logging.INFO, "%s %s %s %.0f ms", *words)
