"""`shouwen restore FROM`: a backup into a data folder or into a server's database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from shouwen.core.errors import Refused
from shouwen.keeping.backup.manifest import KEY, backup_at
from shouwen.keeping.backup.progress import number_text, terminal
from shouwen.keeping.backup.restoring import (
    Restored,
    restore_into_folder,
    restore_into_server,
)
from shouwen.keeping.backup.server import Server
from shouwen.keeping.terminal import speak


class Command(BaseCommand):
    """Bring a backup back."""

    help = "Restore a backup into a data folder or a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`FROM`, `--into DATA_DIR|DATABASE_URL`, `--force`, `--quiet`."""
        parser.add_argument("source", type=Path, metavar="FROM", help="a backup, or their folder")
        parser.add_argument("--into", help="data folder or postgresql:// address (default: own)")
        parser.add_argument("--force", action="store_true", help="put aside what stands there")
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, **options: Any) -> None:
        """Exit code 0: everything of the backup stands there, counted."""
        speak()
        out = None if options["quiet"] else terminal()
        into = options["into"] or _own_place()
        try:
            backup = backup_at(options["source"].resolve())
            if "://" in into:
                bucket = settings.FILE_BUCKET
                files = None if bucket else Path(settings.MEDIA_ROOT)
                server = Server.of_url(into)
                done = restore_into_server(backup, server, files, force=options["force"], out=out)
                self._tell_of_key(backup)
            else:
                folder = Path(into).resolve()
                # FILES_DIR may say that this installation's own files lie elsewhere.
                is_own = folder == settings.DATA_DIR
                store = Path(settings.MEDIA_ROOT) if is_own else folder / "files"
                done = restore_into_folder(backup, folder, store, force=options["force"], out=out)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self._tell(done, into)

    def _tell(self, done: Restored, into: str) -> None:
        words = _("Restored %(name)s into %(into)s: %(rows)s rows, %(files)s files, all counted.")
        place = Server.of_url(into).label if "://" in into else into
        figures = {
            "name": done.manifest.name,
            "into": place,
            "rows": number_text(done.manifest.row_count),
            "files": number_text(done.manifest.file_count),
        }
        self.stdout.write(words % figures)
        if done.put_aside:
            words = _("What stood there before is in %s. Remove it when all is well.")
            self.stdout.write(words % done.put_aside)
        if done.manifest.file_store != "disk":
            self.stdout.write(_("The files lie in %s as before.") % done.manifest.file_store)
        self.stdout.write(
            _(
                "Never let the old and the new installation run at once: "
                "both would fetch and send the same mail."
            )
        )

    def _tell_of_key(self, backup: Path) -> None:
        kept = backup / KEY
        if kept.is_file() and kept.read_text().strip() != settings.SECRET_KEY:
            words = _(
                "This installation has another secret key than the backup: start it with the one in "
                "%s (SECRET_KEY), else stored passwords cannot be read and everybody must sign in again."
            )
            self.stdout.write(words % kept)


def _own_place() -> str:
    """The database server if one is set, else the data folder."""
    url: str = settings.DATABASE_URL
    return str(settings.DATA_DIR) if settings.IS_EMBEDDED else url
