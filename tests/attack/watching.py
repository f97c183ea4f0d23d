"""What a request wrote into the database, which is then undone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

WRITE = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@contextmanager
def watched_and_undone() -> Iterator[set[str]]:
    """Whatever happens inside is undone; the tables it wrote are named."""
    written: set[str] = set()

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if found := WRITE.match(str(sql)):
            written.add(found.group(1))
        elif "procrastinate_defer" in str(sql):
            written.add("jobs")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch), transaction.atomic():
        yield written
        transaction.set_rollback(True)
