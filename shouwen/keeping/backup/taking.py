"""Taking a backup: the database first, then the files, so that every file a row names is in it."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from shouwen.core.errors import Refused
from shouwen.keeping.backup.filestore import Copied, keep_files, stored_files
from shouwen.keeping.backup.manifest import (
    DUMP,
    FILES,
    KEY,
    LIST,
    MANIFEST,
    UNFINISHED,
    Manifest,
    backups_in,
    kept_files,
    sha256_of,
    write_manifest,
    write_whole,
)
from shouwen.keeping.backup.progress import Progress, number_text, size_text
from shouwen.keeping.backup.server import (
    Server,
    applied_migrations,
    count_objects,
    count_rows,
    dump,
    snapshot,
)

# Room that must stay free on the disk after a backup.
RESERVE_BYTES = 200 * 1024**2
# A compressed dump is smaller than its tables; this share of them is asked for.
DUMP_SHARE = 0.7


class BackupUnderWay(Refused):
    """Another backup into the same folder is running."""


class NoRoom(Refused):
    """The disk has too little room."""


def product_version() -> str:
    """The version that is installed."""
    return version("shouwen")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is backed up: the database, the file store, the key, and which columns name files."""

    server: Server
    files: Path | None
    bucket: str
    secret_key: str
    file_columns: list[tuple[str, str]]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else takes a backup into this folder meanwhile. The lock goes with the process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BackupUnderWay(_("Another backup into %s is running.") % folder) from error
    else:
        yield
    finally:
        os.close(descriptor)


def take_backup(source: Source, folder: Path, *, at: datetime, out: TextIO | None) -> Path:
    """A finished backup stands in `folder`; call inside `alone_in`.

    Goes on in the folder of an interrupted one: files it has are not copied again.
    """
    begun = time.monotonic()
    name = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    making = _folder_to_make(folder, name)
    with snapshot(source.server) as (connection, snapshot_id):
        _refuse_without_room(source, folder, connection)
        manifest = _described(connection, name, at)
        manifest.database = source.server.label
        label = _("Database")
        progress = Progress(label, manifest.row_count, number_text, out)
        dump(source.server, making / DUMP, snapshot_id=snapshot_id, progress=progress)
        progress.end()
        named = _named_files(connection, source.file_columns)
    _keep_the_files(source, making, manifest, backups_in(folder), out)
    manifest.missing_files = _missing(making, named) if source.files else []
    _seal(source, making, manifest)
    manifest.seconds = round(time.monotonic() - begun, 2)
    os.sync()
    write_manifest(making, manifest)
    finished = folder / name
    making.rename(finished)
    return finished


def _folder_to_make(folder: Path, name: str) -> Path:
    """A new folder, or that of the last run that was interrupted."""
    making = folder / f"{name}{UNFINISHED}"
    left = sorted(folder.glob(f"*{UNFINISHED}"))
    if left:
        left[-1].rename(making)
        for older in left[:-1]:
            shutil.rmtree(older, ignore_errors=True)
    making.mkdir(exist_ok=True, mode=0o700)
    (making / MANIFEST).unlink(missing_ok=True)
    return making


def _described(connection: psycopg.Connection[Any], name: str, at: datetime) -> Manifest:
    return Manifest(
        name=name,
        made_at=at.astimezone(UTC).isoformat(),
        version=product_version(),
        server_version=connection.info.server_version // 10000,
        rows=count_rows(connection),
        objects=count_objects(connection),
        migrations=applied_migrations(connection),
    )


def _refuse_without_room(source: Source, folder: Path, connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        "SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = to_regnamespace('public')"
    ).fetchone()
    needed = int((row[0] if row else 0) * DUMP_SHARE) + RESERVE_BYTES
    if source.files:
        has = {one.key for last in backups_in(folder)[-1:] for one in kept_files(last)}
        needed += sum(p.stat().st_size for key, p in stored_files(source.files) if key not in has)
    free = shutil.disk_usage(folder).free
    if free < needed:
        words = _("Not enough room in %(folder)s: %(needed)s are needed, %(free)s are free.")
        sizes = {"needed": size_text(needed), "free": size_text(free)}
        raise NoRoom(words % {"folder": folder, **sizes})


def _named_files(connection: psycopg.Connection[Any], columns: list[tuple[str, str]]) -> set[str]:
    """The keys of all files that rows of the snapshot name."""
    named: set[str] = set()
    for table, column in columns:
        query = sql.SQL("SELECT DISTINCT {1} FROM public.{0}").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        named |= {key for (key,) in connection.execute(query) if key}
    return named


def _keep_the_files(
    source: Source, making: Path, manifest: Manifest, before: list[Path], out: TextIO | None
) -> None:
    if source.files is None:
        manifest.file_store = f"s3://{source.bucket}"
        (making / LIST).write_text("")
        return
    total = sum(path.stat().st_size for _key, path in stored_files(source.files))
    progress = Progress(_("Files"), total, size_text, out)
    turn = datetime.fromisoformat(manifest.made_at).toordinal()
    last = before[-1] if before else None
    copied: Copied = keep_files(source.files, making, before=last, turn=turn, progress=progress)
    progress.end()
    manifest.file_count, manifest.file_bytes = copied.count, copied.size
    manifest.new_bytes, manifest.damaged_files = copied.new_bytes, copied.damaged


def _missing(making: Path, named: set[str]) -> list[str]:
    return sorted(named - {one.key for one in kept_files(making)})


def _seal(source: Source, making: Path, manifest: Manifest) -> None:
    """Key and checksums."""
    if source.secret_key:
        write_whole(making / KEY, source.secret_key.encode())
        manifest.key_sha256 = sha256_of(making / KEY)
    (making / FILES).mkdir(exist_ok=True, mode=0o700)
    manifest.dump_size = (making / DUMP).stat().st_size
    manifest.new_bytes += manifest.dump_size
    manifest.dump_sha256 = sha256_of(making / DUMP)
    manifest.list_sha256 = sha256_of(making / LIST)


def remove_old(folder: Path, *, keep: int) -> list[Path]:
    """Only the newest `keep` backups remain; returns what was removed. 0 keeps all."""
    old = backups_in(folder)[:-keep] if keep else []
    for one in old:
        # First it stops being a backup, then it goes: a run killed in between leaves no half one.
        going = one.with_name(f"{one.name}.going")
        one.rename(going)
        shutil.rmtree(going)
    for left in folder.glob("*.going"):
        shutil.rmtree(left, ignore_errors=True)
    return old
