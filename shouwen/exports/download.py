"""The file of an export as an answer over HTTP, for the page and the API alike."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils import timezone

from shouwen.exports.models import Export
from shouwen.exports.registry import exportable

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_answer(export: Export) -> FileResponse:
    """The file as a download that no browser keeps or runs; 404 unless it is ready."""
    if export.state != Export.State.READY or not default_storage.exists(export.key):
        raise Http404
    wanted = exportable(export.name)
    moment = timezone.localtime(export.finished_at)
    name = f"{wanted.label if wanted else export.name} {moment:%Y-%m-%d %H%M}.{export.format}"
    response = FileResponse(
        default_storage.open(export.key),
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPES[export.format],
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
