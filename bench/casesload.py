"""Fills a data folder with years of cases: `python -m bench.casesload FOLDER ROWS`.

Goes by COPY past the operations, with every row and index the product would have written: cases
with their search index, clocks, tasks, answers, follow-ups and history, and customers. One in fifty
is open. Kept for the next run.
"""

import sys
from datetime import UTC, timedelta
from pathlib import Path

import psycopg
from django.utils import timezone

from bench.casesrows import CHUNK, INTO, Ground, Kind, write_chunk
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
from bench.inboxrows import write_customers
from bench.inboxstaff import build_desk
from bench.inboxtexts import Talk
from shouwen.cases.models import CaseKind
from shouwen.core.database import EmbeddedPostgres
from shouwen.deadlines.queries import ALWAYS, calendar_by_code

VERSION = 1
DAYS = 730
KINDS = ("complaint", "repair", "suggestion")
TABLES = ("customer", "contact_point", *INTO)


def loaded(folder: Path, rows: int) -> dict[str, object]:
    """The folder holds `rows` cases; filled now unless it is already. What was said of it."""
    return filled(folder, "bench.casesload", {"version": VERSION, "rows": rows})


def _fill(folder: Path, rows: int) -> None:
    url = EmbeddedPostgres(folder).url
    with psycopg.connect(url, autocommit=True) as connection:
        ground = _ground(connection, rows)
        again = without_indexes(connection, TABLES)
        connection.execute(PLAIN)
        write_customers(connection, ground)
    say(f"customers written, {rows} cases to come")
    write_chunks(url, -(-rows // CHUNK), lambda own, number: write_chunk(own, ground, number))
    say("rows written")
    build_indexes(url, again, alone="case_search")
    say("indexes built")
    with psycopg.connect(url, autocommit=True) as connection:
        _finish(connection)
    say("analysed")


def _ground(connection: psycopg.Connection, rows: int) -> Ground:
    end = timezone.now().astimezone(UTC).replace(microsecond=0)
    calendar = calendar_by_code(ALWAYS)
    assert calendar
    return Ground(
        rows=rows,
        begin=end - timedelta(days=DAYS),
        end=end,
        desk=build_desk(),
        talk=Talk(),
        kinds=[_kind(code) for code in KINDS],
        calendar_id=calendar.pk,
        customer_id=first_id(connection, "customer"),
        case_id=first_id(connection, "service_case"),
        deadline_id=first_id(connection, "deadline"),
    )


def _kind(code: str) -> Kind:
    kind = CaseKind.objects.get(code=code)
    nodes: dict[str, tuple[int, ...]] = {
        axis: tuple(kind.nodes.filter(axis=axis).order_by("pk").values_list("pk", flat=True))
        for axis in ("category", "cause")
    }
    prefix = kind.defined.prefix
    return Kind(kind.pk, code, prefix, kind.is_complaint, nodes["category"], nodes["cause"])


def _finish(connection: psycopg.Connection) -> None:
    """Ids and numbers go on where the rows end; the planner knows the tables."""
    go_on_after(connection, TABLES)
    connection.execute(
        "INSERT INTO number_series (name, last) SELECT left(number, 9),"
        " max(substring(number FROM 11)::bigint) FROM service_case GROUP BY 1"
        " ON CONFLICT (name) DO UPDATE SET last = excluded.last"
    )
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), int(sys.argv[2]))
