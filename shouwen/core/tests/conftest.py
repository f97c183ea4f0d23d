"""A database in which what is committed stays until the test ends, for threads and sockets."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections


def tables_with_rows() -> set[str]:
    """Tables that hold something now."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names
        )
        cursor.execute(asked)
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture(scope="session")
def built_in_tables(django_db_setup: None, django_db_blocker: object) -> set[str]:
    """Tables that migrations filled: they are left alone."""
    with django_db_blocker.unblock():
        try:
            return tables_with_rows()
        finally:
            connections.close_all()


@pytest.fixture
def committed(built_in_tables: set[str], django_db_blocker: object) -> Iterator[None]:
    """Commits are real; afterwards everything but the built-in rows is gone, history included."""
    with django_db_blocker.unblock():
        yield
        connection.close()
        filled = sorted(tables_with_rows() - built_in_tables)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for name in filled:
                cursor.execute(f'DELETE FROM "{name}"')
            cursor.execute("SET session_replication_role = origin")
        connections.close_all()
