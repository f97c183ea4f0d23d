"""Writes about exports: ask for one, write it, cancel it, remove old files."""

import logging
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.operations.reads import Subject, log_read
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotPermitted, NotThere, Refused
from shouwen.exports.events import ExportAsked, ExportExpired, ExportFinished
from shouwen.exports.models import Export
from shouwen.exports.permissions import ExportPermission
from shouwen.exports.queries import columns_of, may_export, rows_by_key
from shouwen.exports.registry import Asked, exportable
from shouwen.exports.sheets import new_sheet

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
# Nothing was written for so long: the worker that wrote it is gone and no other took it over.
SILENT = timedelta(minutes=15)
AT_ONCE = 3
State = Export.State


class ExportNeedsReason(Refused):
    """What is not masked leaves only for a reason."""


class TooManyExports(Refused):
    """One person's exports must not keep the workers from all others."""


class ExportIsOver(Refused):
    """There is nothing left to cancel."""


@transaction.atomic
def ask_export(
    name: str,
    *,
    by: Staff,
    asked: Asked | None = None,
    file_format: str = Export.Format.XLSX,
    reason: str = "",
    is_clear: bool = False,
) -> Export:
    """A worker will write the list as `by` sees it, narrowed to `asked`. [D423]

    Masked, unless `is_clear`: that asks for the list's own permission and a reason, and is written
    into the log of reads with the number of records. Refuses a fourth one at once.
    """
    require(by, ExportPermission.EXPORT)
    wanted = exportable(name)
    if wanted is None:
        raise NotThere
    if not may_export(by, name) or (is_clear and not by.may(wanted.clear_permission)):
        raise NotPermitted(_("Your role does not allow this export."))
    if is_clear and not reason.strip():
        raise ExportNeedsReason(_("Please say why you need the data unmasked."))
    if Export.objects.filter(by=by, state__in=[State.WAITING, State.RUNNING]).count() >= AT_ONCE:
        raise TooManyExports(_("Three of your exports are under way. Please wait for one of them."))
    export = Export.objects.create(
        name=name,
        asked={key: value for key, value in (asked or {}).items() if value},
        format=Export.Format(file_format),
        is_clear=is_clear,
        reason=reason.strip()[:200],
        by=by,
    )
    publish(
        ExportAsked(
            export_id=export.pk, name=name, is_clear=is_clear, reason=export.reason, by_id=by.pk
        )
    )
    return export


def build_export(export_id: int, *, at: datetime) -> None:
    """The file of a waiting or broken-off export is written, or it says why it could not be.

    Row by row, outside any transaction; begun anew if a worker died over it. Cancelled meanwhile,
    it stops.
    """
    export = _begun(export_id, at=at)
    if export is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="shouwen-export-") as folder:
            path = Path(folder) / f"export.{export.format}"
            if _written(export, path):
                _keep(export, path)
    except OSError as error:
        logger.warning("export %s could not be stored: %s", export.pk, error)
        _end(export.pk, State.FAILED, error=_("The file could not be stored: no room on the disk?"))


@transaction.atomic
def _begun(export_id: int, *, at: datetime) -> Export | None:
    export = Export.objects.select_for_update(of=("self",)).select_related("by").get(pk=export_id)
    wanted = exportable(export.name)
    if not export.is_under_way or wanted is None:
        return None
    export.state, export.done, export.started_at, export.progress_at = State.RUNNING, 0, at, at
    export.total = wanted.rows(export.by, export.asked, at).count()
    export.save(update_fields=["state", "done", "total", "started_at", "progress_at", "updated_at"])
    return export


def _written(export: Export, path: Path) -> bool:
    """Whether all rows are in the file; not when it was cancelled."""
    wanted = exportable(export.name)
    assert wanted  # noqa: S101 - tells the type checker
    assert export.started_at  # noqa: S101 - tells the type checker
    rows = wanted.rows(export.by, export.asked, export.started_at)
    with new_sheet(path, columns_of(wanted)) as sheet:
        for batch in rows_by_key(rows):
            sheet.add(wanted.cells(batch, export.by, export.is_clear))
            export.done += len(batch)
            running = Export.objects.filter(pk=export.pk, state=State.RUNNING)
            if not running.update(done=export.done, progress_at=timezone.now()):
                return False
    return True


def _keep(export: Export, path: Path) -> None:
    key = f"exports/{uuid4().hex}.{export.format}"
    with path.open("rb") as file:
        default_storage.save(key, File(file))
    if not _end(export.pk, State.READY, key=key, size=path.stat().st_size):
        default_storage.delete(key)


@transaction.atomic
def _end(export_id: int, state: str, *, key: str = "", size: int = 0, error: str = "") -> bool:
    """Whether it was still running and is now over."""
    export = Export.objects.select_for_update(of=("self",)).select_related("by").get(pk=export_id)
    if export.state != State.RUNNING:
        return False
    now = timezone.now()
    export.state, export.key, export.size, export.error = State(state), key, size, error
    export.finished_at, export.expires_at = now, now + KEPT
    export.save()
    if export.is_clear and state == State.READY:
        subject = Subject("export", export.pk, export.name)
        log_read(
            subject, what="export", reason=export.reason, at=now, by=export.by, count=export.done
        )
    publish(
        ExportFinished(
            export_id=export.pk,
            name=export.name,
            state=state,
            row_count=export.done,
            by_id=export.by_id,
        )
    )
    return True


@transaction.atomic
def cancel_export(export_id: int, *, by: Staff) -> Export:
    """It is written no further and leaves no file. Refuses those of others and what is over."""
    export = Export.objects.select_for_update().filter(pk=export_id, by=by).first()
    if export is None:
        raise NotThere
    if not export.is_under_way:
        raise ExportIsOver(_("This export is over already."))
    export.state, export.finished_at = State.CANCELLED, timezone.now()
    export.save(update_fields=["state", "finished_at", "updated_at"])
    publish(
        ExportFinished(
            export_id=export.pk, name=export.name, state="cancelled", row_count=0, by_id=by.pk
        )
    )
    return export


def tidy_exports(*, at: datetime) -> int:
    """Files past their day are gone, and exports that nobody writes any more say so; how many."""
    silent = Export.objects.filter(state=State.RUNNING, progress_at__lt=at - SILENT)
    for pk in silent.values_list("pk", flat=True):
        _end(pk, State.FAILED, error=_("The worker stopped in the middle. Please ask again."))
    old = list(Export.objects.filter(state=State.READY, expires_at__lt=at).order_by("pk")[:500])
    for export in old:
        default_storage.delete(export.key)
        _expire(export)
    return len(old)


@transaction.atomic
def _expire(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(state=State.EXPIRED, key="")
    publish(ExportExpired(export_id=export.pk, name=export.name))
