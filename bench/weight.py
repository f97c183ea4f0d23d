"""What processes weigh: memory with shared pages counted once (PSS)."""

import time

import psutil

from tests.served import Served

SETTLE_SECONDS = 6.0


class Weight:
    """The processes of one served product; the database's own apart."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def now(self) -> dict[str, float]:
        """MB of parent, web and worker together, and of PostgreSQL."""
        found = {"shouwen": 0.0, "postgres": 0.0}
        for one in self._served.processes():
            try:
                is_database = one.name() == "postgres"
                pss = one.memory_full_info().pss / 2**20
            except psutil.Error:
                continue
            found["postgres" if is_database else "shouwen"] += pss
        return {name: round(value, 1) for name, value in found.items()}

    def settled(self) -> dict[str, float]:
        """The same after a rest."""
        time.sleep(SETTLE_SECONDS)
        return self.now()
