"""Bringing a backup back: into a data folder with its own PostgreSQL, or into a server's database.

Nothing half done is ever taken for whole. Into a folder, the database is built aside and put in
its place by one rename at the end; into a server, it comes in one transaction.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import psycopg
from django.utils.translation import gettext as _

from shouwen.core.database import RESTORING, EmbeddedPostgres
from shouwen.core.errors import Refused
from shouwen.keeping.backup.checking import check_outline
from shouwen.keeping.backup.filestore import bring_back_files
from shouwen.keeping.backup.manifest import DUMP, KEY, Manifest, write_whole
from shouwen.keeping.backup.progress import Progress, number_text, size_text
from shouwen.keeping.backup.server import (
    OBJECT_WEIGHT,
    Server,
    count_objects,
    count_rows,
    restore,
)
from shouwen.keeping.backup.taking import RESERVE_BYTES, NoRoom

READY = "ready.json"
# A database with its indexes, against its compressed dump.
UNPACKED_TIMES = 8


class TargetInUse(Refused):
    """There is already something where the backup should go, or somebody works on it."""


class RestoreDiffers(Refused):
    """What stands there after the restore is not what the backup says."""


@dataclass(frozen=True)
class Restored:
    """What was brought back, and where what stood there before was put."""

    manifest: Manifest
    files_copied: int
    put_aside: Path | None = None


def restore_into_folder(
    backup: Path, data_dir: Path, store: Path, *, force: bool, out: TextIO | None
) -> Restored:
    """The data folder holds the backup: database, files and key; `shouwen up` may serve it.

    Refuses a damaged backup, a folder in use, and a full one without `force`; with it, the old
    database is put aside, not removed. Run again after an interruption, it goes on.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    _refuse_in_use(data_dir, backup.name, force=force)
    manifest = check_outline(backup, out)
    _refuse_without_room(manifest, data_dir)
    staging = data_dir / RESTORING
    shutil.rmtree(data_dir / f"{RESTORING}.over", ignore_errors=True)
    staging.mkdir(exist_ok=True, mode=0o755)
    copied = _bring_files(backup, store, manifest, out)
    if _ready_for(staging) != manifest.name:
        _build_database(backup, staging, manifest, out)
        write_whole(staging / READY, json.dumps({"name": manifest.name}).encode())
    aside = _put_in_place(staging, data_dir, manifest)
    if manifest.key_sha256:
        write_whole(data_dir / KEY, (backup / KEY).read_bytes())
    # One rename ends the restore; what is left over may take its time to go.
    over = staging.rename(data_dir / f"{RESTORING}.over")
    shutil.rmtree(over)
    return Restored(manifest, copied, aside)


def restore_into_server(
    backup: Path, server: Server, files: Path | None, *, force: bool, out: TextIO | None
) -> Restored:
    """The server's database holds the backup, and `files` its files; the key is left to the caller.

    Refuses a database that has tables without `force`; with it, they are replaced.
    """
    if not force and not server.is_empty():
        words = _("The database %s is not empty. To replace what is in it, say --force.")
        raise TargetInUse(words % server.label)
    manifest = check_outline(backup, out)
    copied = _bring_files(backup, files, manifest, out) if files else 0
    _bring_database(backup, server, manifest, out)
    return Restored(manifest, copied)


def restore_database_only(backup: Path, server: Server, out: TextIO | None) -> Manifest:
    """An empty server holds the backup's database: for rehearsals."""
    manifest = check_outline(backup, out)
    _bring_database(backup, server, manifest, out)
    return manifest


def _refuse_in_use(data_dir: Path, name: str, *, force: bool) -> None:
    if EmbeddedPostgres(data_dir).answers():
        words = _("The product runs on %s. Stop it first.")
        raise TargetInUse(words % data_dir)
    is_ours = _ready_for(data_dir / RESTORING) == name
    if (data_dir / "postgres").exists() and not force and not is_ours:
        words = _(
            "%s already holds a database. To put it aside and restore, say --force; "
            "or restore into an empty folder with --into."
        )
        raise TargetInUse(words % data_dir)


def _ready_for(staging: Path) -> str:
    """The name of the backup whose database stands ready in the staging folder, if any."""
    path = staging / READY
    return str(json.loads(path.read_text())["name"]) if path.is_file() else ""


def _refuse_without_room(manifest: Manifest, data_dir: Path) -> None:
    needed = manifest.file_bytes + manifest.dump_size * UNPACKED_TIMES + RESERVE_BYTES
    free = shutil.disk_usage(data_dir).free
    if free < needed:
        words = _("Not enough room in %(folder)s: %(needed)s are needed, %(free)s are free.")
        sizes = {"needed": size_text(needed), "free": size_text(free)}
        raise NoRoom(words % {"folder": data_dir, **sizes})


def _bring_files(backup: Path, store: Path, manifest: Manifest, out: TextIO | None) -> int:
    progress = Progress(_("Files"), manifest.file_bytes, size_text, out)
    copied = bring_back_files(backup, store, progress)
    progress.end()
    return copied


def _build_database(backup: Path, staging: Path, manifest: Manifest, out: TextIO | None) -> None:
    """A cluster of its own inside the staging folder holds the database, checked and stopped."""
    shutil.rmtree(staging / "postgres", ignore_errors=True)
    server = EmbeddedPostgres(staging)
    server.start()
    try:
        _bring_database(backup, Server.of_url(server.url), manifest, out)
    finally:
        server.stop()


def _bring_database(backup: Path, server: Server, manifest: Manifest, out: TextIO | None) -> None:
    total = manifest.row_count + manifest.objects * OBJECT_WEIGHT // 2
    progress = Progress(_("Database"), total, number_text, out)
    restore(server, backup / DUMP, empty_first=not server.is_empty(), progress=progress)
    progress.end()
    with server.connect() as connection:
        rows, objects = count_rows(connection), count_objects(connection)
        _note_made(connection, manifest)
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")
    if rows != manifest.rows or objects != manifest.objects:
        tables = [name for name in manifest.rows if rows.get(name) != manifest.rows[name]]
        words = _("After the restore these tables differ from the backup: %s")
        raise RestoreDiffers(words % (", ".join(tables) or _("indexes or rules")))


def _note_made(connection: psycopg.Connection[Any], manifest: Manifest) -> None:
    """In the copy of its own moment this backup still runs; it did end well."""
    if manifest.rows.get("backup"):
        connection.execute(
            "UPDATE backup SET state = 'good', ended_at = started_at + %s * interval '1 second',"
            " size = %s, new_bytes = %s, rows = %s, files = %s WHERE state = 'running'",
            [manifest.seconds, manifest.size, manifest.new_bytes, manifest.row_count,
             manifest.file_count],
        )  # fmt: skip


def _put_in_place(staging: Path, data_dir: Path, manifest: Manifest) -> Path | None:
    """The database built aside becomes the folder's; the old one is put aside under a name of its own."""
    built, place = staging / "postgres", data_dir / "postgres"
    if not built.exists():
        return None  # an earlier run was cut off after this step
    aside = None
    if place.exists():
        aside = data_dir / f"postgres.before-{manifest.name}"
        number = 1
        while aside.exists():
            number += 1
            aside = data_dir / f"postgres.before-{manifest.name}-{number}"
        place.rename(aside)
    built.rename(place)
    return aside
