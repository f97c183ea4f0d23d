"""What this installation backs up, by its settings."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from shouwen.core.models import StoredFile
from shouwen.core.slots import filled
from shouwen.keeping.backup.server import Server
from shouwen.keeping.backup.taking import Source


def this_installation(*, with_key: bool = True) -> Source:
    """Database, files and key of the settings. Parts name their columns in the slot `files.keys`."""
    columns = [(StoredFile._meta.db_table, "key")]
    for answer in filled("files.keys"):
        columns += answer
    return Source(
        server=Server.of_django(connection),
        files=None if settings.FILE_BUCKET else Path(settings.MEDIA_ROOT),
        bucket=settings.FILE_BUCKET,
        secret_key=settings.SECRET_KEY if with_key else "",
        file_columns=columns,
    )
