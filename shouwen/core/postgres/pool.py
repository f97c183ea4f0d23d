"""A pool that is whole again as soon as the server is."""

import threading
import time
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from shouwen.core.postgres.pulse import pulse

RENEWED_AT_MOST_EVERY_SECONDS = 1.0


class LivelyPool(ConnectionPool[psycopg.Connection[Any]]):
    """The library tries dead connections one by one, pausing longer after each; that is minutes
    for a full pool after the server was started again. Here one dead connection renews them all.
    """

    _renewed_at = 0.0
    _renewing = threading.Lock()

    def getconn(self, timeout: float | None = None) -> psycopg.Connection[Any]:
        """A connection that works; PoolTimeout after the pool's timeout, or at once while the
        database is away.
        """
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            if pulse.is_away:
                raise PoolTimeout("the database is away")
            connection = super().getconn(end - time.monotonic())
            try:
                self.check_connection(connection)
            except psycopg.Error:
                self.putconn(connection)
                self._renew()
            else:
                return connection

    def _renew(self) -> None:
        with self._renewing:
            if time.monotonic() - self._renewed_at < RENEWED_AT_MOST_EVERY_SECONDS:
                return
            self._renewed_at = time.monotonic()
        self.drain()
