"""Files and the health answer."""

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.core.draining import is_draining
from shouwen.core.files import file_of_token, is_closed, read_raw
from shouwen.core.models import StoredFile


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A stored file. The signed address is the permission; nothing is ever run in our origin."""
    del name
    stored = file_of_token(token)
    if stored is None or not default_storage.exists(stored.key):
        raise Http404
    if is_closed(stored):
        return _refused(stored)
    response = HttpResponse(read_raw(stored.key), content_type=stored.content_type)
    is_shown = stored.kind != StoredFile.Kind.OTHER and "download" not in request.GET
    disposition = content_disposition_header(not is_shown, stored.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _refused(stored: StoredFile) -> HttpResponse:
    if stored.kind == StoredFile.Kind.INFECTED:
        words, status = _("This file carries a virus and is not given out."), 403
    else:
        words, status = _("This file could not be checked for viruses yet. Try again later."), 503
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Ready: 200 when this process can serve, 503 when the database is away or it is on its way out.

    A proxy that asks here sends nothing to a process that is about to leave.
    """
    del request
    if is_draining():
        return JsonResponse({"status": "leaving"}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": False}, status=503)
    return JsonResponse({"status": "ok", "database": True})


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Alive: 200 as long as this process answers at all; whoever restarts what hangs asks here."""
    del request
    return JsonResponse({"status": "ok"})
