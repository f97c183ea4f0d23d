"""Counting many things in one question to the database."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# What the screen shows as 99+ (`short_count`) needs counting no further.
SHOWN_MOST = 100


def counts_of(rows: Mapping[str, QuerySet[Any, Any]], *, most: int | None = None) -> dict[str, int]:
    """How many rows each has; with `most`, counted no further than that. One query for all."""
    selected: list[str] = []
    parameters: list[Any] = []
    for queryset in rows.values():
        try:
            sql, given = queryset.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            selected.append("0")
            continue
        selected.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django's own SQL
        parameters += given
    if not selected:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(selected), parameters)
        return dict(zip(rows, cursor.fetchone(), strict=True))
