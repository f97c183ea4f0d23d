"""The database engine of the settings: Django's own, with our pool."""

from contextlib import suppress
from typing import Any, cast

import psycopg
from django.db import connections
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from shouwen.core.postgres.pool import LivelyPool
from shouwen.core.postgres.pulse import WatchedConnection, pulse

# A page waits for a lock no longer than this; the one who holds it may hang.
LOCK_MILLISECONDS = 2500
# Open before a new process takes its first request.
FIRST_CONNECTIONS = 3
NOT_FOR_THE_LIBRARY = ("pool", "cursor_factory", "context", "prepare_threshold")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL with connections from a LivelyPool."""

    @property
    def pool(self) -> LivelyPool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        pools = self._connection_pools  # type: ignore[attr-defined]  # not in the stubs
        if self.alias not in pools:
            pool = LivelyPool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,
                configure=self._configure_connection,  # type: ignore[attr-defined]  # nor this
                connection_class=WatchedConnection,
                **options,
            )
            pools.setdefault(self.alias, pool)
        found: LivelyPool = pools[self.alias]
        return found


def plain_parameters() -> dict[str, Any]:
    """How to reach the default database without Django."""
    parameters = connections["default"].get_connection_params()
    return {name: value for name, value in parameters.items() if name not in NOT_FOR_THE_LIBRARY}


def answer_or_refuse() -> None:
    """For a process that people wait for: it notices a hanging database, and waits for no lock long.

    Call it before the first connection is made.
    """
    options = connections.settings["default"]["OPTIONS"]
    options["options"] += f" -c lock_timeout={LOCK_MILLISECONDS}"
    pulse.start(plain_parameters())


def open_first_connections() -> None:
    """A process that takes over under load has connections before anybody waits for one.

    On a busy machine the first ones take longer than a page may wait. Nothing happens while the
    database is away: that is for the requests to say.
    """
    pool = cast(DatabaseWrapper, connections["default"]).pool
    if pool is None:
        return
    held: list[psycopg.Connection[Any]] = []
    pool.open()
    with suppress(psycopg.Error):
        for _number in range(FIRST_CONNECTIONS):
            held.append(pool.getconn())
    for one in held:
        pool.putconn(one)
