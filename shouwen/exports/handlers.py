"""Reactions: a worker writes what was asked for."""

from django.utils import timezone

from shouwen.core.bus import When, handles
from shouwen.exports.events import ExportAsked
from shouwen.exports.operations import build_export


@handles(ExportAsked, when=When.AS_JOB)
def write_the_file(event: ExportAsked) -> None:
    """Write the file of an export."""
    build_export(event.export_id, at=timezone.now())
