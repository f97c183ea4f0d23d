"""What loaders share: rows by COPY, indexes built after them, in two processes."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from shouwen.core.database import EmbeddedPostgres

CORES = 2
# Rows come in any order and all at once; a crash here only means to fill the folder anew.
PLAIN = "SET session_replication_role = replica; SET synchronous_commit = off"
MEMORY = "1500MB"
INDEXES = """
    SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text,
           pg_get_indexdef(i.indexrelid), c.conname, pg_get_constraintdef(c.oid)
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
"""


def filled(folder: Path, module: str, wanted: dict[str, int]) -> dict[str, object]:
    """The folder holds what is wanted; `module` fills it now unless it has. What was said of it."""
    stamp = folder / "bench.json"
    if stamp.exists():
        known: dict[str, object] = json.loads(stamp.read_text())
        if wanted.items() <= known.items():
            return known
    if folder.exists():
        sys.exit(f"{folder} holds something else; remove it and start again")
    begun = time.monotonic()
    environment = {**os.environ, "DATA_DIR": str(folder)}
    with running(folder):
        prepare = [sys.executable, "-m", "shouwen.config.cli", "prepare", "--demo"]
        subprocess.run(prepare, env=environment, check=True, stdout=subprocess.DEVNULL)
        fill = [sys.executable, "-m", module, str(folder), str(wanted["rows"])]
        subprocess.run(fill, env=environment, check=True)
    known = {**wanted, "seconds": round(time.monotonic() - begun)}
    stamp.write_text(json.dumps(known))
    return known


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The folder's database runs until the block ends; its address."""
    database = EmbeddedPostgres(folder)
    try:
        database.start()
        yield database.url
    finally:
        database.stop()


def without_indexes(connection: psycopg.Connection, tables: Sequence[str]) -> list[str]:
    """The statements that make the indexes again, which are gone now."""
    found = connection.execute(INDEXES, [list(tables)]).fetchall()
    again = []
    for index, table, definition, name, constraint in found:
        if constraint:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint}")
        else:
            connection.execute(f"DROP INDEX {index}")
            again.append(definition)
    return again


def together(parts: list[list[str]], run: Callable[[list[str]], None]) -> None:
    """Each part in a process of its own."""
    context = multiprocessing.get_context("fork")
    members = [context.Process(target=run, args=(part,)) for part in parts]
    for member in members:
        member.start()
    for member in members:
        member.join()
    if any(member.exitcode for member in members):
        sys.exit("a part of the loader failed")


def write_chunks(url: str, chunks: int, write: Callable[[psycopg.Connection, int], None]) -> None:
    """All chunks by number, on every core."""

    def fill(numbers: list[str]) -> None:
        with psycopg.connect(url, autocommit=True) as own:
            own.execute(PLAIN)
            for number in numbers:
                write(own, int(number))

    numbers = [str(number) for number in range(chunks)]
    together([numbers[core::CORES] for core in range(CORES)], fill)


def build_indexes(url: str, statements: list[str], *, alone: str) -> None:
    """Those named like `alone` take longest: they go by themselves, the others beside them."""

    def build(mine: list[str]) -> None:
        with psycopg.connect(url, autocommit=True) as own:
            own.execute(f"SET maintenance_work_mem = '{MEMORY}'")
            for statement in mine:
                own.execute(statement.encode())

    longest = [one for one in statements if alone in one]
    together([longest, [one for one in statements if one not in longest]], build)


def first_id(connection: psycopg.Connection, table: str) -> int:
    """Where the ids of new rows begin."""
    found = connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()
    assert found
    return int(found[0])


def go_on_after(connection: psycopg.Connection, tables: Sequence[str]) -> None:
    """Ids go on where the rows end."""
    for table in tables:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def copy_rows(connection: psycopg.Connection, into: str, rows: list[str]) -> None:
    """Rows in the text form of COPY."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write("".join(rows))


def say(words: str) -> None:
    """With the time."""
    print(f"  {time.strftime('%H:%M:%S')} {words}", flush=True)
