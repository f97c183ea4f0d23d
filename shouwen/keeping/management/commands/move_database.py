"""`shouwen move-database URL`: from the embedded PostgreSQL to a server of one's own."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from shouwen.core.errors import Refused
from shouwen.keeping.backup.moving import Moved, move_database
from shouwen.keeping.backup.progress import number_text, terminal
from shouwen.keeping.backup.server import Server
from shouwen.keeping.terminal import speak


class Command(BaseCommand):
    """Move the embedded database to a server."""

    help = "Move the embedded database to a PostgreSQL server; the system must be stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address of an empty database, and `--quiet`."""
        parser.add_argument("url", metavar="postgresql://USER:PASSWORD@HOST/DATABASE")
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, **options: Any) -> None:
        """Exit code 0: the server holds everything, and the embedded database is closed."""
        speak()
        if not settings.IS_EMBEDDED:
            raise CommandError(_("DATABASE_URL is set: the database is not the embedded one."))
        source, target = Server.of_django(connection), Server.of_url(options["url"])
        out = None if options["quiet"] else terminal()
        try:
            moved = move_database(source, target, settings.DATA_DIR, out=out)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self._tell(moved)

    def _tell(self, moved: Moved) -> None:
        words = _(
            "Moved to %(label)s (PostgreSQL %(version)s): %(tables)s tables, %(rows)s rows, all counted."
        )
        figures = {
            "label": moved.label,
            "version": moved.version,
            "tables": moved.tables,
            "rows": number_text(moved.rows),
        }
        self.stdout.write(words % figures)
        self.stdout.write(
            _("Now set DATABASE_URL to that address wherever 首问 runs, and start it.")
        )
        words = _("Keep %s as it is: the key and the files of this machine stay in use.")
        self.stdout.write(words % settings.DATA_DIR)
