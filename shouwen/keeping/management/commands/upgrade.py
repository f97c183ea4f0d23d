"""`shouwen upgrade`: a backup, then the changes of this version; `--rehearse` on a copy only."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from shouwen.core.errors import Refused
from shouwen.keeping.backup.manifest import backup_at
from shouwen.keeping.backup.progress import number_text, terminal
from shouwen.keeping.checks.machine import pending_migrations, unknown_migrations
from shouwen.keeping.nightly import back_up
from shouwen.keeping.rehearsal import Rehearsed, rehearse
from shouwen.keeping.source import this_installation
from shouwen.keeping.terminal import speak


class Command(BaseCommand):
    """Bring the database up to this version, safely."""

    help = "Back up, then migrate; --rehearse tries it on a copy and counts rows before and after."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--rehearse`, `--from BACKUP`, `--in FOLDER`, `--quiet`."""
        parser.add_argument("--rehearse", action="store_true", help="on a copy; changes nothing")
        parser.add_argument("--from", dest="source", type=Path, help="rehearse on this backup")
        parser.add_argument("--in", dest="folder", type=Path, help="where the copy may stand")
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, **options: Any) -> None:
        """Exit code 0: the database is that of this version (or would be, without losing a row)."""
        speak()
        out = None if options["quiet"] else terminal()
        try:
            if options["rehearse"]:
                self._rehearse(options, out)
            else:
                self._upgrade(out)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error

    def _rehearse(self, options: dict[str, Any], out: Any) -> None:
        given: Path | None = options["source"]
        backup = backup_at(given.resolve()) if given else self._back_up(out)
        self.stdout.write(_("Rehearsing on a copy of %s. The real data is not touched.") % backup)
        done = rehearse(backup, (options["folder"] or settings.DATA_DIR).resolve(), out)
        self._tell(done)
        if done.lost:
            raise CommandError(
                _("Rows would be missing after the upgrade. Do not upgrade before you know why.")
            )
        self.stdout.write(_("The upgrade would go well: no row is lost."))

    def _back_up(self, out: Any) -> Path:
        keep = settings.BACKUP_KEEP
        return back_up(this_installation(), settings.BACKUP_DIR, keep=keep, out=out)

    def _tell(self, done: Rehearsed) -> None:
        head = (_("Table"), _("before"), _("after"))
        self.stdout.write(f"{head[0]:<44}{head[1]:>14}{head[2]:>14}")
        for name in sorted(done.before | done.after):
            before, after = done.before.get(name), done.after.get(name)
            if not before and not after:
                continue
            mark = "  ←" if before != after else ""
            shown = [number_text(n) if n is not None else "–" for n in (before, after)]
            self.stdout.write(f"{name:<44}{shown[0]:>14}{shown[1]:>14}{mark}")
        self.stdout.write(_("New tables: %s") % (", ".join(done.new) or "–"))
        self.stdout.write(_("Tables that are gone: %s") % (", ".join(done.gone) or "–"))
        self.stdout.write(_("Changes made: %s") % (", ".join(done.migrations) or "–"))
        words = _("Restored in %(restore).1f s, upgraded in %(migrate).1f s.")
        figures = {"restore": done.restore_seconds, "migrate": done.migrate_seconds}
        self.stdout.write(words % figures)

    def _upgrade(self, out: Any) -> None:
        if unknown := unknown_migrations():
            words = _("The database was changed by a newer version (%s). Install that version.")
            raise CommandError(words % ", ".join(unknown[:3]))
        waiting = pending_migrations()
        if not waiting:
            self.stdout.write(_("The database is that of this version. There is nothing to do."))
            return
        made = self._back_up(out)
        self.stdout.write(_("Backup: %s") % made)
        call_command("prepare")
        if left := pending_migrations():
            raise CommandError(_("These changes were not made: %s") % ", ".join(left))
        self.stdout.write(_("Changes made: %s") % ", ".join(waiting))
        words = _("Upgraded. To go back: install the old version, then restore that backup.")
        self.stdout.write(words)
