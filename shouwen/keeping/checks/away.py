"""The words when the database does not answer."""

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from shouwen.keeping.backup.server import Server
from shouwen.ui.cards import HealthRow

LOG_LINES = 3


def database_away(error: Error) -> HealthRow:
    """What is known without the database, and where to look."""
    words = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if settings.IS_EMBEDDED:
        advice = _("Start the system with “shouwen up”. If it runs, read the end of %s.")
        advice %= settings.DATA_DIR / "postgres.log"
        words = _end_of_log() or words
    else:
        advice = _("See that the server of DATABASE_URL (%s) runs and can be reached from here.")
        advice %= Server.of_url(settings.DATABASE_URL).label
    return HealthRow(
        label=_("Database"),
        state="ill",
        text=_("It does not answer; no page can be served. %s") % words,
        advice=advice,
        group="storage",
        is_banner=True,
    )


def _end_of_log() -> str:
    path = settings.DATA_DIR / "postgres.log"
    if not path.is_file():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 4000))
        lines = log.read().decode(errors="replace").splitlines()
    return " / ".join(lines[-LOG_LINES:])
