"""A PostgreSQL server as its own programs and a snapshot see it."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, LiteralString

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from psycopg import sql

from shouwen.core.database import binaries
from shouwen.core.errors import Refused
from shouwen.keeping.backup.progress import Progress

POLL_SECONDS = 0.3
ROWS_A_REPORT = 2000
# An index or a key counts in a restore's progress as so many rows.
OBJECT_WEIGHT = 1000
BUILDING = (b"CREATE INDEX", b"CREATE UNIQUE INDEX", b"ADD CONSTRAINT")
EMPTY = b"""
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT nspname FROM pg_namespace
        WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', one);
    END LOOP;
END $$;
CREATE SCHEMA public;
"""
# pg_dump's lightest compression: twice as quick as the usual one, a tenth larger, read by every version.
COMPRESSION = "1"
NO_TIMEOUTS = (
    "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=30000"
)
FOUND_OBJECTS: LiteralString = """
SELECT (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public')
     + (SELECT count(*) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND contype <> 'n')
     + (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace)
     + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
     + (SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm', 'S')
         AND relnamespace = 'public'::regnamespace)
"""


class ServerFailed(Refused):
    """One of PostgreSQL's programs did not do its work; the words are its own."""


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs. Refuses when there is none on this machine."""
    own = binaries() / name
    if own.exists():
        return str(own)
    if found := shutil.which(name):
        return found
    raise ServerFailed(
        _("The program %s was not found. Install PostgreSQL's client programs.") % name
    )


class Server:
    """One database, by its address. Passwords go through the environment, where nobody lists them."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = {name: str(one) for name, one in parameters.items() if one}

    @classmethod
    def of_url(cls, url: str) -> "Server":
        """The database of an address such as DATABASE_URL."""
        return cls(psycopg.conninfo.conninfo_to_dict(url))

    @classmethod
    def of_django(cls, connection: BaseDatabaseWrapper) -> "Server":
        """The database that Django uses."""
        found = connection.settings_dict
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        secure = {
            name: one for name, one in found.get("OPTIONS", {}).items() if name.startswith("ssl")
        }
        own = {name: found.get(key) for name, key in names.items()}
        return cls(own | secure | {"dbname": found["NAME"]})

    @property
    def label(self) -> str:
        """The database in words without secrets."""
        host = self.parameters.get("host", "")
        return f"{self.parameters.get('dbname', '')}@{'local' if host.startswith('/') else host}"

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of one's own, without the limits that pages have."""
        return psycopg.connect(
            psycopg.conninfo.make_conninfo(
                **{**self.parameters, "options": NO_TIMEOUTS, "connect_timeout": "10"}
            )
        )

    def environment(self) -> dict[str, str]:
        """How PostgreSQL's programs are told where the database is."""
        names = {"dbname": "PGDATABASE"}
        own = {
            names.get(name, f"PG{name.upper()}"): one
            for name, one in self.parameters.items()
            if name != "options"
        }
        return {**os.environ, **own, "PGOPTIONS": NO_TIMEOUTS, "LC_ALL": "C"}

    def version(self) -> int:
        """The server's main version, such as 18."""
        with self.connect() as connection:
            return connection.info.server_version // 10000

    def is_empty(self) -> bool:
        """Whether the database has no table of ours."""
        with self.connect() as connection:
            return not row_tables(connection)


def row_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """The tables of the database, in order."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = to_regnamespace('public') ORDER BY relname"
    )
    return [name for (name,) in found]


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has, exactly."""
    counts = {}
    for table in row_tables(connection):
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))
        counts[table] = _number(connection, query)
    return counts


def count_objects(connection: psycopg.Connection[Any]) -> int:
    """How many indexes, constraints, triggers, functions, views and sequences there are."""
    return _number(connection, sql.SQL(FOUND_OBJECTS))


def applied_migrations(connection: psycopg.Connection[Any]) -> list[str]:
    """The migrations that the database has seen, as `part.name`."""
    if "django_migrations" not in row_tables(connection):
        return []
    found = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [name for (name,) in found]


def _number(connection: psycopg.Connection[Any], query: sql.SQL | sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def snapshot(server: Server) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the database, held open: counts, lists and the dump all see the same rows."""
    with server.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0] if row else "")


def dump(server: Server, target: Path, *, snapshot_id: str, progress: Progress) -> None:
    """The database as of a snapshot stands in `target`, in pg_dump's own format."""
    command = [
        program("pg_dump"), "--format=custom", f"--compress={COMPRESSION}", "--no-owner",
        "--no-privileges", f"--snapshot={snapshot_id}", f"--file={target}",
    ]  # fmt: skip
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.close(descriptor)
    with _watched(server, progress):
        _run(command, server)


def _run(command: list[str], server: Server) -> None:
    result = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command, env=server.environment(), capture_output=True, check=False
    )
    if result.returncode:
        raise ServerFailed(_failure(command[0], result.stderr))


def _failure(command: str, errors: bytes) -> str:
    words = errors.decode(errors="replace").strip().splitlines()
    return _("%(program)s failed: %(words)s") % {
        "program": Path(command).name,
        "words": " ".join(words[-3:]),
    }


@contextmanager
def _watched(server: Server, progress: Progress) -> Iterator[None]:
    """While the block runs, progress follows the rows that the server copies out."""
    stop = threading.Event()
    watcher = threading.Thread(target=_follow, args=(server, progress, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _follow(server: Server, progress: Progress, stop: threading.Event) -> None:
    """Rows of copies that ended, as far as they were seen, and of the one under way."""
    seen: dict[tuple[int, int], int] = {}
    with suppress(psycopg.Error), server.connect() as connection:
        connection.autocommit = True
        while not stop.wait(POLL_SECONDS):
            found = connection.execute(
                "SELECT pid, relid::bigint, tuples_processed FROM pg_stat_progress_copy"
                " WHERE command = 'COPY TO' AND datname = current_database()"
            )
            for pid, table, rows in found:
                seen[pid, table] = rows
            progress.at(sum(seen.values()))


def restore(server: Server, source: Path, *, empty_first: bool, progress: Progress) -> None:
    """The database holds the dump and nothing else; one transaction, so all of it or nothing.

    `empty_first` removes within the same transaction what was there.
    """
    version = server.version()
    # A file takes any number of words; a pipe nobody reads would stop the program that writes them.
    with tempfile.TemporaryFile() as complaints:
        reader, writer = _reader(server, source, complaints), _writer(server, complaints)
        if reader.stdout is None or writer.stdin is None:
            raise ServerFailed(_("The programs of PostgreSQL could not be joined."))
        listener = threading.Thread(target=_hear_objects, args=(writer, progress), daemon=True)
        listener.start()
        with suppress(BrokenPipeError), writer.stdin as pipe:
            pipe.write(b"BEGIN;\n" + (EMPTY if empty_first else b""))
            _pass_on(_fit_for(version, reader.stdout), pipe, progress)
            # Only a dump read to its end is committed; psql cut off before this undoes everything.
            if reader.wait() == 0:
                pipe.write(b"COMMIT;\n")
        # psql that stops at an error reads no further: without this its supplier waits for ever.
        reader.stdout.close()
        listener.join()
        failed = [one.wait() for one in (writer, reader)]
        complaints.seek(0)
        if any(failed):
            raise ServerFailed(_failure("pg_restore", complaints.read()))


def _reader(server: Server, source: Path, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
        [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)],
        env=server.environment(),
        stdout=subprocess.PIPE,
        stderr=complaints,
    )


def _writer(server: Server, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
        [program("psql"), "-X", "-q", "-e", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        env=server.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
    )


def _fit_for(version: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    """A dump of a newer server without the one setting that older ones do not know."""
    for line in lines:
        if version < 17 and line.startswith(b"SET transaction_timeout"):
            continue
        yield line


def _pass_on(lines: Iterable[bytes], pipe: IO[bytes], progress: Progress) -> None:
    """Rows count as they go in; a dump has few lines that are no rows."""
    for passed, line in enumerate(lines, start=1):
        pipe.write(line)
        if passed % ROWS_A_REPORT == 0:
            progress.add(ROWS_A_REPORT)


def _hear_objects(writer: subprocess.Popen[bytes], progress: Progress) -> None:
    """psql repeats each statement before it runs it: indexes and keys count as they are built."""
    for line in writer.stdout or ():
        if line.lstrip().startswith(BUILDING):
            progress.add(OBJECT_WEIGHT)
