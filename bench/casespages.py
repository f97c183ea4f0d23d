"""What is asked of the pages of cases: lists, board, one case, search."""

import re
from pathlib import Path
from random import Random
from urllib.parse import quote

import psycopg

from bench.inboxpages import NEXT, Ask, Reader
from shouwen.core.database import embedded_url

LISTS = ("open", "mine", "unaccepted", "late", "near", "first", "handed", "silent", "archived")
FURTHER = re.compile(r"handle_after=([^\"&]+)")


def lists(reader: Reader) -> list[Ask]:
    """Each list, narrowed by kind, and further down."""
    paths = {tab: f"/cases/?tab={tab}" for tab in LISTS}
    paths["open, complaints"] = "/cases/?tab=open&kind=complaint"
    paths["archived, suggestions"] = "/cases/?tab=archived&kind=suggestion"
    for tab in ("open", "archived"):
        cursor = ""
        for _page in range(4):
            found = NEXT.findall(reader.get(f"/cases/?tab={tab}&after={cursor}"))
            cursor = found[-1] if found else cursor
        paths[f"{tab}, fifth page"] = f"/cases/?tab={tab}&after={cursor}"
    return [reader.timed(label, path) for label, path in paths.items()]


def boards(reader: Reader) -> list[Ask]:
    """The board, whose, narrowed by kind, and one column further down."""
    cursor = (FURTHER.findall(reader.get("/cases/board/")) or [""])[-1]
    paths = {
        "all": "/cases/board/",
        "mine": "/cases/board/?whose=mine",
        "complaints": "/cases/board/?kind=complaint",
        "further down": f"/cases/board/?handle_after={cursor}",
    }
    return [reader.timed(label, path) for label, path in paths.items()]


def pages(reader: Reader, ids: list[int]) -> list[Ask]:
    """A click on a case."""
    return [reader.timed("opened", f"/cases/{pk}/") for pk in ids]


def searches(reader: Reader, words: list[str]) -> list[Ask]:
    """The words among open cases, in the archive, and everywhere."""
    asks = []
    for word in words:
        asked = quote(word)
        asks += [
            reader.timed(f"open: {word}", f"/cases/?tab=open&q={asked}"),
            reader.timed(f"archived: {word}", f"/cases/?tab=archived&q={asked}"),
        ]
    return asks


def some_cases(folder: Path, username: str, count: int) -> list[int]:
    """Old and new ones of the department that limin and wangfang see, the same in every run."""
    with psycopg.connect(embedded_url(folder)) as connection:
        rows = connection.execute(
            "SELECT c.id FROM service_case c JOIN department d ON d.id = c.department_id"
            " JOIN staff s ON s.username = 'limin' AND s.department_id = d.id"
            " WHERE c.id % 487 = 5 OR (c.closed_at IS NULL AND c.id % 11 = 3) ORDER BY c.id",
        ).fetchall()
    return Random(username).sample([pk for (pk,) in rows], min(count, len(rows)))
