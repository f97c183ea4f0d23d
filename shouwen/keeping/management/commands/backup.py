"""`shouwen backup`: database, files and key into one folder; `--check` reads one through."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from shouwen.core.errors import Refused
from shouwen.keeping.backup.checking import check_all
from shouwen.keeping.backup.manifest import Manifest, backup_at, read_manifest
from shouwen.keeping.backup.progress import number_text, size_text, terminal
from shouwen.keeping.nightly import back_up
from shouwen.keeping.source import this_installation
from shouwen.keeping.terminal import speak


class Command(BaseCommand):
    """Take a backup while the product runs, or check one."""

    help = "Back up database, files and key; --check reads a backup through."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--to DIR`, `--keep N`, `--without-key`, `--check FROM`, `--quiet`."""
        parser.add_argument("--to", type=Path, help="folder for the backup (default: BACKUP_DIR)")
        parser.add_argument("--keep", type=int, help="how many to keep there; 0 keeps all")
        parser.add_argument("--without-key", action="store_true", help="leave the secret key out")
        parser.add_argument("--check", type=Path, metavar="FROM", help="read a backup through")
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, **options: Any) -> None:
        """Exit code 0: there is a whole backup."""
        speak()
        out = None if options["quiet"] else terminal()
        try:
            if options["check"]:
                self._check(options["check"], out)
            else:
                self._take(options, out)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error

    def _take(self, options: dict[str, Any], out: Any) -> None:
        elsewhere = options["to"]
        folder = (elsewhere or settings.BACKUP_DIR).resolve()
        # A folder that somebody names is his own: nothing is removed there unless he says so.
        keep = options["keep"]
        if keep is None:
            keep = 0 if elsewhere else settings.BACKUP_KEEP
        source = this_installation(with_key=not options["without_key"])
        made = back_up(source, folder, keep=keep, out=out)
        manifest = read_manifest(made)
        self.stdout.write(str(made))
        self._tell(manifest)

    def _tell(self, manifest: Manifest) -> None:
        figures = _("%(rows)s rows, %(files)s files, %(size)s (%(new)s new) in %(seconds).1f s")
        self.stderr.write(
            figures
            % {
                "rows": number_text(manifest.row_count),
                "files": number_text(manifest.file_count),
                "size": size_text(manifest.size),
                "new": size_text(manifest.new_bytes),
                "seconds": manifest.seconds,
            }
        )
        if manifest.file_store != "disk":
            words = _("The files lie in %s and are not in this backup: protect them there.")
            self.stderr.write(words % manifest.file_store)
        if manifest.key_sha256:
            self.stderr.write(
                _("It holds the secret key: whoever has it can read everything. Keep it safe.")
            )
        else:
            self.stderr.write(_("The secret key is not in it: keep the key elsewhere."))
        for key in manifest.missing_files:
            self.stderr.write(_("Missing in the file store: %s") % key)
        for key in manifest.damaged_files:
            self.stderr.write(_("Damaged in the file store: %s") % key)

    def _check(self, path: Path, out: Any) -> None:
        folder = backup_at(path)
        manifest, damaged = check_all(folder, out)
        for key in damaged:
            self.stderr.write(_("Damaged or missing: %s") % (folder / "files" / key))
        if damaged:
            raise CommandError(_("This backup is damaged. Take another one."))
        self.stdout.write(_("%s is whole.") % folder)
        self._tell(manifest)
