"""Fills a data folder with years of a service desk: `python -m bench.inboxload FOLDER ROWS`.

Goes by COPY past the operations, with every row and index the product would have written: the
conversations, their lines and search index, history, summaries, customers. Kept for the next run.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import psycopg
from django.utils import timezone

from bench.inboxrows import CHUNK, Ground, write_chunk, write_customers
from bench.inboxstaff import Line, build_desk
from bench.inboxtexts import Talk
from shouwen.core.database import EmbeddedPostgres

VERSION = 1
CORES, DAYS = 2, 730
# Rows come in any order and all at once; a crash here only means to fill the folder anew.
PLAIN = "SET session_replication_role = replica; SET synchronous_commit = off"
TABLES = (
    "customer",
    "contact_point",
    "conversations_conversation",
    "conversations_line",
    "conversations_wrapup",
    "history",
)
MEMORY = "1500MB"
# One summary in twenty raised a point, one conversation in twenty owed a call; few of late are open.
POINTS = """
    INSERT INTO conversations_summarypoint (text, raised_at, solution, solved_at, owner_id, wrap_up_id)
    SELECT demand, finished_at, '', CASE WHEN finished_at < now() - interval '12 hours'
           THEN finished_at END, by_id, id FROM conversations_wrapup WHERE id % 20 = 0
"""
CALL_BACKS = """
    INSERT INTO conversations_callback (created_at, updated_at, reason, due_at, note, done_at, result,
           conversation_id, customer_id, department_id, owner_id)
    SELECT opened_at, opened_at, 'promised', opened_at + interval '1 day', '',
           CASE WHEN opened_at < now() - interval '12 hours' THEN closed_at END, '',
           id, customer_id, department_id, handler_id
    FROM conversations_conversation WHERE state = 'closed' AND id % 20 = 0
"""
INDEXES = """
    SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text,
           pg_get_indexdef(i.indexrelid), c.conname, pg_get_constraintdef(c.oid)
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
"""


def loaded(folder: Path, rows: int) -> dict[str, object]:
    """The folder holds `rows` conversations; filled now unless it is already. What was said of it."""
    stamp = folder / "bench.json"
    wanted = {"version": VERSION, "rows": rows}
    if stamp.exists():
        known: dict[str, object] = json.loads(stamp.read_text())
        if wanted.items() <= known.items():
            return known
    if folder.exists():
        sys.exit(f"{folder} holds something else; remove it and start again")
    begun = time.monotonic()
    database = EmbeddedPostgres(folder)
    environment = {**os.environ, "DATA_DIR": str(folder)}
    try:
        database.start()
        prepare = [sys.executable, "-m", "shouwen.config.cli", "prepare", "--demo"]
        subprocess.run(prepare, env=environment, check=True, stdout=subprocess.DEVNULL)
        fill = [sys.executable, "-m", "bench.inboxload", str(folder), str(rows)]
        subprocess.run(fill, env=environment, check=True)
    finally:
        database.stop()
    known = {**wanted, "seconds": round(time.monotonic() - begun)}
    stamp.write_text(json.dumps(known))
    return known


def _without_indexes(connection: psycopg.Connection) -> list[str]:
    """The statements that make the indexes again, which are gone now."""
    found = connection.execute(INDEXES, [list(TABLES)]).fetchall()
    again = []
    for index, table, definition, name, constraint in found:
        if constraint:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint}")
        else:
            connection.execute(f"DROP INDEX {index}")
            again.append(definition)
    return again


def _together(parts: list[list[str]], run: Callable[[list[str]], None]) -> None:
    """Each part in a process of its own."""
    context = multiprocessing.get_context("fork")
    members = [context.Process(target=run, args=(part,)) for part in parts]
    for member in members:
        member.start()
    for member in members:
        member.join()
    if any(member.exitcode for member in members):
        sys.exit("a part of the loader failed")


def _fill(folder: Path, rows: int) -> None:
    url = EmbeddedPostgres(folder).url
    desk = build_desk()
    with psycopg.connect(url, autocommit=True) as connection:
        ground = _ground(connection, rows, desk)
        again = _without_indexes(connection)
        connection.execute(PLAIN)
        write_customers(connection, ground)
    _say(f"customers written, {rows} conversations to come")

    def fill(numbers: list[str]) -> None:
        with psycopg.connect(url, autocommit=True) as own:
            own.execute(PLAIN)
            for number in numbers:
                write_chunk(own, ground, int(number))

    numbers = [str(number) for number in range(-(-rows // CHUNK))]
    _together([numbers[core::CORES] for core in range(CORES)], fill)
    _say("rows written")
    _build_indexes(url, again)
    _say("indexes built")
    with psycopg.connect(url, autocommit=True) as connection:
        _finish(connection)
    _say("analysed")


def _ground(connection: psycopg.Connection, rows: int, desk: list[Line]) -> Ground:
    end = timezone.now().astimezone(UTC).replace(microsecond=0)
    begin = end - timedelta(days=DAYS)
    ids = _first_ids(connection)
    return Ground(rows=rows, begin=begin, end=end, desk=desk, talk=Talk(), **ids)


def _build_indexes(url: str, statements: list[str]) -> None:
    """The word index takes longest: it goes alone, the others beside it."""

    def build(mine: list[str]) -> None:
        with psycopg.connect(url, autocommit=True) as own:
            own.execute(f"SET maintenance_work_mem = '{MEMORY}'")
            for statement in mine:
                own.execute(statement.encode())

    words = [one for one in statements if "line_search" in one]
    _together([words, [one for one in statements if one not in words]], build)


def _first_ids(connection: psycopg.Connection) -> dict[str, int]:
    tables = {"customer": "customer", "conversation": "conversations_conversation",
              "line": "conversations_line"}  # fmt: skip
    ids = {}
    for name, table in tables.items():
        found = connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()
        assert found
        ids[f"{name}_id"] = found[0]
    return ids


def _finish(connection: psycopg.Connection) -> None:
    """Ids and numbers go on where the rows end; the planner knows the tables."""
    for table in TABLES:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
    connection.execute(
        "INSERT INTO number_series (name, last) SELECT left(number, 9), "
        "max(substring(number FROM 11)::bigint) FROM conversations_conversation GROUP BY 1 "
        "ON CONFLICT (name) DO UPDATE SET last = excluded.last"
    )
    connection.execute(POINTS)
    connection.execute(CALL_BACKS)
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")


def _say(words: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {words}", flush=True)


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), int(sys.argv[2]))
