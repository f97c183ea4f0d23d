"""The product on several machines: two that serve pages and sockets, two that work."""

import json
import os
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.machines.lab import Lab, Machine, new_lab, shouwen
from tests.machines.servers import FileStore, PostgresServer, RedisServer, wait_for
from tests.needs import need
from tests.served import OF_THE_TESTS

PORT = 8000
WITHOUT_REDIS_PORT = 8100
READY_WITHIN_SECONDS = 120.0
NO_PACE = {"VISITOR_LINES_A_MINUTE": "100000", "VISITORS_AN_HOUR": "100000"}


class Company:
    """PostgreSQL, Redis and a file store on one machine; the product on four others."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        stores = lab.machine("stores")
        self.postgres = PostgresServer(stores)
        self.redis = RedisServer(stores)
        self.files = FileStore(stores)
        self.web = [lab.machine("web1"), lab.machine("web2")]
        self.work = [lab.machine("work1"), lab.machine("work2")]

    def start(self) -> None:
        """All machines begin at the same moment, on an empty database."""
        for server in (self.postgres, self.redis, self.files):
            server.start()
        for one in self.web:
            count = "2" if one is self.web[0] else "1"
            words = ("web", "--workers", count, "--host", "0.0.0.0", "--port", str(PORT))
            one.start(*shouwen(*words), **self.environment(one))
        for one in self.work:
            one.start(*shouwen("worker", "--concurrency", "2"), **self.environment(one))
        for one in self.web:
            self.wait_for_web(one)
        for one in self.work:
            wait_for(lambda one=one: "works:" in log_of(one), f"{one.name}\n{log_of(one)}", 60)

    def start_without_redis(self) -> None:
        """Both web machines serve a second time, with PostgreSQL's NOTIFY between them."""
        for one in self.web:
            words = ("web", "--host", "0.0.0.0", "--port", str(WITHOUT_REDIS_PORT), "--no-prepare")
            environment = self.environment(one) | {"REDIS_URL": ""}
            one.start(*shouwen(*words), **environment)
        for one in self.web:
            self.wait_for_web(one, WITHOUT_REDIS_PORT)

    def wait_for_web(self, one: Machine, port: int = PORT) -> None:
        """It says that it is ready."""
        url = f"http://{one.address}:{port}/healthz"
        try:
            wait_for(lambda: is_ready(url), one.name, READY_WITHIN_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log_of(one)}") from error

    def environment(self, one: Machine) -> dict[str, str]:
        """What the product on that machine is told: all but the folder is the same everywhere."""
        nothing = dict.fromkeys(OF_THE_TESTS & os.environ.keys(), "")
        stores = {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url}
        own = {"SECRET_KEY": "of-the-lab", "DATA_DIR": str(one.folder / "data"), "DB_POOL": "6"}
        return nothing | stores | own | self.files.environment | NO_PACE

    def people(self, talks: int) -> list[dict[str, Any]]:
        """Conversations between a visitor and an agent each, ready to be joined by both."""
        one = self.web[0]
        words = (sys.executable, "-m", "bench.chatpeople", str(talks), "0")
        found: list[dict[str, Any]] = json.loads(one.run(*words, **self.environment(one)))["talks"]
        return found


def log_of(one: Machine) -> str:
    """The end of what its processes printed."""
    return one.log.read_text(errors="replace")[-3000:] if one.log.exists() else ""


def is_ready(url: str) -> bool:
    """Whether /healthz says 200."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def new_company() -> Iterator[Company]:
    """The whole of it, for as long as the block lasts."""
    need("ip", "redis-server", "postgresql-15", root=True)
    with new_lab() as lab:
        company = Company(lab)
        company.start()
        yield company
