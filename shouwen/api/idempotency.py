"""The same POST twice does its work once.

The answer is written in the transaction of the work. A second request with the same key waits for
the first one on the unique index and then gets the same answer; if the first one died, all it did
is undone and the second one does the work.
"""

import hashlib
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.api.auth import bearer_key, uses_this_minute
from shouwen.api.models import AnsweredRequest, ApiKey

PREFIX = "/api/v1/"
HEADER = "Idempotency-Key"
LONGEST = 255
WAIT = "10s"
# These say nothing about the work: it was not begun, so the next try may do it.
NOT_ANSWERED = frozenset({400, 401, 403, 405, 413, 415, 422, 429})

Next = Callable[[HttpRequest], HttpResponseBase]


class _Undo(Exception):
    """Carries an answer out of a transaction that is to be undone."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


class IdempotencyMiddleware:
    """Requests with an Idempotency-Key are answered once and repeated from the record for two days."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Only POSTs of the API that carry the header and a usable key are touched."""
        name = request.headers.get(HEADER, "")
        if not name or request.method != "POST" or not request.path.startswith(PREFIX):
            return self.get_response(request)
        if len(name) > LONGEST:
            return _refused(400, _("The idempotency key is longer than 255 characters."))
        key = bearer_key(request)
        if key is None:
            return self.get_response(request)
        # Counted outside the transaction: requests of one key must not wait for each other's end.
        uses_this_minute(request, key)
        try:
            return self._once(request, key, name)
        except _Undo as undo:
            return undo.response
        except OperationalError as error:
            if "lock timeout" not in str(error):
                raise
            return _refused(409, _("The same request is still being worked on. Try again shortly."))

    @transaction.atomic
    def _once(self, request: HttpRequest, key: ApiKey, name: str) -> HttpResponseBase:
        digest = _digest(request)
        if not _claim(key, name, digest):
            return _repeated(key, name, digest)
        response = self.get_response(request)
        if response.status_code in NOT_ANSWERED or response.status_code >= 500:
            raise _Undo(response)
        AnsweredRequest.objects.filter(key=key, name=name).update(
            status=response.status_code,
            content_type=response.get("Content-Type", "application/json"),
            body=getattr(response, "content", b""),
        )
        return response


def _claim(key: ApiKey, name: str, digest: str) -> bool:
    """Whether this request is the first one with its key; waits while another one is under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
        cursor.execute(
            "INSERT INTO api_answered_request"
            " (key_id, name, request_digest, status, content_type, body, created_at)"
            " VALUES (%s, %s, %s, 0, '', '', %s) ON CONFLICT (key_id, name) DO NOTHING",
            [key.pk, name, digest, timezone.now()],
        )
        return bool(cursor.rowcount)


def _repeated(key: ApiKey, name: str, digest: str) -> HttpResponse:
    known = AnsweredRequest.objects.get(key=key, name=name)
    if known.request_digest != digest:
        return _refused(422, _("This idempotency key was used for another request."))
    response = HttpResponse(bytes(known.body), status=known.status, content_type=known.content_type)
    response["Idempotent-Replayed"] = "true"
    return response


def _digest(request: HttpRequest) -> str:
    line = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(line + request.body).hexdigest()


def _refused(status: int, words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
