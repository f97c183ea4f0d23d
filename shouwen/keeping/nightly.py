"""One backup with its row in the ledger, as the command and the nightly job take it."""

from pathlib import Path
from typing import TextIO

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.queries import system_staff
from shouwen.core.errors import Refused
from shouwen.keeping.backup.manifest import read_manifest
from shouwen.keeping.backup.taking import Source, alone_in, remove_old, take_backup
from shouwen.keeping.operations import begin_backup, fail_backup, finish_backup
from shouwen.keeping.queries import is_installed


def back_up(source: Source, folder: Path, *, keep: int, out: TextIO | None) -> Path:
    """A finished backup in `folder`, noted in the ledger; older ones beyond `keep` are gone.

    Refuses with words; the failure is noted too.
    """
    with alone_in(folder):
        if not is_installed():
            return take_backup(source, folder, at=timezone.now(), out=out)
        by = system_staff()
        row = begin_backup(str(folder), at=timezone.now(), by=by)
        try:
            made = take_backup(source, folder, at=timezone.now(), out=out)
            remove_old(folder, keep=keep)
        except (Refused, OSError) as error:
            words = str(error) if isinstance(error, Refused) else _disk_words(error)
            fail_backup(row.pk, words, at=timezone.now(), by=by)
            raise
        finish_backup(row.pk, read_manifest(made), at=timezone.now(), by=by)
        return made


def _disk_words(error: OSError) -> str:
    return _("The backup could not be written: %s.") % (error.strerror or error)
