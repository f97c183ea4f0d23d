"""Moving the embedded database to a server: dumped in one moment, restored in one transaction, counted.

Afterwards the embedded one is closed by a note, so that nobody serves it by mistake.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, TextIO

import psycopg
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.core.database import MOVED
from shouwen.core.errors import Refused
from shouwen.keeping.backup.progress import Progress, number_text, size_text
from shouwen.keeping.backup.server import (
    OBJECT_WEIGHT,
    Server,
    count_objects,
    count_rows,
    dump,
    restore,
    row_tables,
    snapshot,
)

OLDEST_VERSION = 15
DUMP = ".moving.dump"
# The lock under which `shouwen prepare` migrates: nothing of ours starts while it is held.
TAKE_LOCK: LiteralString = "SELECT pg_try_advisory_lock(7041992)"


class CannotMove(Refused):
    """The database cannot be moved there, or not now."""


@dataclass(frozen=True)
class Moved:
    """What stands on the server now."""

    label: str
    tables: int
    rows: int
    version: int


def move_database(source: Server, target: Server, data_dir: Path, *, out: TextIO | None) -> Moved:
    """The target holds what the source held, counted; the data folder says that it moved.

    Refuses a product that runs, a server older than 15 or not in UTF-8, and a database with tables.
    If anything fails, the target is left empty and the source in use.
    """
    version = _refuse_target(target)
    path = data_dir / DUMP
    try:
        with _nobody_else(source), snapshot(source) as (connection, snapshot_id):
            rows, objects = count_rows(connection), count_objects(connection)
            _refuse_without_room(connection, data_dir)
            _step(
                _("Copying out"),
                sum(rows.values()),
                out,
                lambda progress: dump(source, path, snapshot_id=snapshot_id, progress=progress),
            )
            weight = sum(rows.values()) + objects * OBJECT_WEIGHT
            _step(
                _("Copying in"),
                weight,
                out,
                lambda progress: restore(target, path, empty_first=False, progress=progress),
            )
            _compare(target, rows, objects)
            (data_dir / MOVED).write_text(f"{target.label} {timezone.now().isoformat()}\n")
    finally:
        path.unlink(missing_ok=True)
    return Moved(target.label, len(rows), sum(rows.values()), version)


def _step(label: str, total: float, out: TextIO | None, work: Callable[[Progress], None]) -> None:
    progress = Progress(label, total, number_text, out)
    work(progress)
    progress.end()


def _refuse_target(target: Server) -> int:
    """The server's main version, if the database may move there."""
    try:
        connection = target.connect()
    except psycopg.OperationalError as error:
        words = _("%(place)s cannot be reached: %(words)s")
        raise CannotMove(words % {"place": target.label, "words": str(error).strip()}) from error
    with connection:
        version = connection.info.server_version // 10000
        if version < OLDEST_VERSION:
            words = _("%(place)s is PostgreSQL %(version)s; 15 or newer is needed.")
            raise CannotMove(words % {"place": target.label, "version": version})
        if _value(connection, "SHOW server_encoding") != "UTF8":
            words = _("The database %s is not in UTF-8: make it anew with ENCODING 'UTF8'.")
            raise CannotMove(words % target.label)
        if row_tables(connection):
            raise CannotMove(_("The database %s is not empty.") % target.label)
        if not _value(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
            words = _("This user may not create tables in %s: make him the owner of the database.")
            raise CannotMove(words % target.label)
    return version


@contextmanager
def _nobody_else(source: Server) -> Iterator[None]:
    """While the block runs nothing of ours works on the source, and nothing begins to."""
    with source.connect() as connection:
        connection.autocommit = True
        if not _value(connection, TAKE_LOCK):
            raise CannotMove(_("It is being prepared just now: stop it first."))
        others = _value(
            connection,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
        )
        if others:
            words = _("The system runs and would go on writing here: stop it first.")
            raise CannotMove(words)
        yield


def _refuse_without_room(connection: psycopg.Connection[Any], folder: Path) -> None:
    size = int(_value(connection, "SELECT pg_database_size(current_database())"))
    free = shutil.disk_usage(folder).free
    if free < size:
        words = _("Not enough room in %(folder)s: %(needed)s are needed, %(free)s are free.")
        sizes = {"needed": size_text(size), "free": size_text(free)}
        raise CannotMove(words % {"folder": folder, **sizes})


def _compare(target: Server, rows: dict[str, int], objects: int) -> None:
    with target.connect() as connection:
        found, there = count_rows(connection), count_objects(connection)
        different = [name for name in rows if found.get(name) != rows[name]]
        if different or there != objects:
            words = _("After the move these tables differ: %s")
            raise CannotMove(words % (", ".join(different) or _("indexes or rules")))
        connection.execute("COMMIT")
        connection.autocommit = True
        connection.execute("ANALYZE")


def _value(connection: psycopg.Connection[Any], query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
