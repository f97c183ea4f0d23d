"""Fills a data folder with years of a service desk: `python -m bench.inboxload FOLDER ROWS`.

Goes by COPY past the operations, with every row and index the product would have written: the
conversations, their lines and search index, history, summaries, customers. Kept for the next run.
"""

import sys
from datetime import UTC, timedelta
from pathlib import Path

import psycopg
from django.utils import timezone

from bench.filling import (
    PLAIN,
    build_indexes,
    filled,
    first_id,
    go_on_after,
    say,
    without_indexes,
    write_chunks,
)
from bench.inboxrows import CHUNK, Ground, write_chunk, write_customers
from bench.inboxstaff import Line, build_desk
from bench.inboxtexts import Talk
from shouwen.core.database import EmbeddedPostgres

VERSION = 1
DAYS = 730
TABLES = (
    "customer",
    "contact_point",
    "conversations_conversation",
    "conversations_line",
    "conversations_wrapup",
    "history",
)
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


def loaded(folder: Path, rows: int) -> dict[str, object]:
    """The folder holds `rows` conversations; filled now unless it is already. What was said of it."""
    return filled(folder, "bench.inboxload", {"version": VERSION, "rows": rows})


def _fill(folder: Path, rows: int) -> None:
    url = EmbeddedPostgres(folder).url
    desk = build_desk()
    with psycopg.connect(url, autocommit=True) as connection:
        ground = _ground(connection, rows, desk)
        again = without_indexes(connection, TABLES)
        connection.execute(PLAIN)
        write_customers(connection, ground)
    say(f"customers written, {rows} conversations to come")
    write_chunks(url, -(-rows // CHUNK), lambda own, number: write_chunk(own, ground, number))
    say("rows written")
    build_indexes(url, again, alone="line_search")
    say("indexes built")
    with psycopg.connect(url, autocommit=True) as connection:
        _finish(connection)
    say("analysed")


def _ground(connection: psycopg.Connection, rows: int, desk: list[Line]) -> Ground:
    end = timezone.now().astimezone(UTC).replace(microsecond=0)
    return Ground(
        rows=rows,
        begin=end - timedelta(days=DAYS),
        end=end,
        desk=desk,
        talk=Talk(),
        customer_id=first_id(connection, "customer"),
        conversation_id=first_id(connection, "conversations_conversation"),
        line_id=first_id(connection, "conversations_line"),
    )


def _finish(connection: psycopg.Connection) -> None:
    """Ids and numbers go on where the rows end; the planner knows the tables."""
    go_on_after(connection, TABLES)
    connection.execute(
        "INSERT INTO number_series (name, last) SELECT left(number, 9), "
        "max(substring(number FROM 11)::bigint) FROM conversations_conversation GROUP BY 1 "
        "ON CONFLICT (name) DO UPDATE SET last = excluded.last"
    )
    connection.execute(POINTS)
    connection.execute(CALL_BACKS)
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), int(sys.argv[2]))
