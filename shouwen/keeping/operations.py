"""The ledger of backups: begun, made, failed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.core.bus import publish
from shouwen.keeping.backup.manifest import Manifest
from shouwen.keeping.events import BackupFailed, BackupMade
from shouwen.keeping.models import Backup


@transaction.atomic
def begin_backup(folder: str, *, at: datetime, by: Staff) -> Backup:
    """A backup is under way. One that never ended into the same folder is noted as interrupted.

    Call while nobody else can take a backup into that folder.
    """
    for left in Backup.objects.select_for_update().filter(folder=folder, state="running"):
        _fail(left, _("It was interrupted before its end."), at=at, by=by)
    return Backup.objects.create(folder=folder, started_at=at)


@transaction.atomic
def finish_backup(backup_id: int, manifest: Manifest, *, at: datetime, by: Staff) -> Backup:
    """The backup is good and its figures are noted (bytes, rows, files)."""
    backup = Backup.objects.select_for_update().get(pk=backup_id)
    backup.state, backup.ended_at = Backup.State.GOOD, at
    backup.size, backup.new_bytes = manifest.size, manifest.new_bytes
    backup.rows, backup.files = manifest.row_count, manifest.file_count
    backup.missing_files = len(manifest.missing_files) + len(manifest.damaged_files)
    backup.save()
    seconds = backup.seconds
    publish(
        BackupMade(
            backup_id=backup.pk,
            folder=backup.folder,
            size=backup.size,
            seconds=seconds,
            by_id=by.pk,
        )
    )
    return backup


@transaction.atomic
def fail_backup(backup_id: int, words: str, *, at: datetime, by: Staff) -> Backup:
    """The backup failed, and why."""
    backup = Backup.objects.select_for_update().get(pk=backup_id)
    return _fail(backup, words, at=at, by=by)


def _fail(backup: Backup, words: str, *, at: datetime, by: Staff) -> Backup:
    backup.state, backup.ended_at, backup.words = Backup.State.FAILED, at, words[:2000]
    backup.save(update_fields=["state", "ended_at", "words"])
    publish(BackupFailed(backup_id=backup.pk, words=backup.words, by_id=by.pk))
    return backup
