"""The servers that several machines share: Debian's PostgreSQL 15, Redis, a store for files."""

import os
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg
import redis

from tests.machines.here import Here
from tests.machines.lab import Machine
from tests.needs import need

STARTS_WITHIN_SECONDS = 60.0
USER = "postgres"
PASSWORD = "only-for-tests"
WHO_MAY = """\
host all all 10.231.0.0/16 scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
local all all trust
"""


def wait_for(ready: Callable[[], bool], what: str, within: float = STARTS_WITHIN_SECONDS) -> None:
    """It came about, or the test fails saying what did not."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come about within {within:.0f} s")


def answers(url: str) -> bool:
    """Whether somebody listens there."""
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname, address.port), timeout=2):
            return True
    except OSError:
        return False


class PostgresServer:
    """PostgreSQL as a company runs it: a server of Debian's with a password, as an ordinary user."""

    def __init__(self, machine: Machine | Here, port: int = 5432) -> None:
        self._machine = machine
        self._programs = str(need("postgresql-15")["postgresql-15"])
        self._folder = machine.folder / "postgres"
        self._port = port
        self.place = f"{machine.address}:{port}"
        self.url = f"postgresql://{USER}:{PASSWORD}@{self.place}/shouwen"

    def start(self) -> None:
        """It answers; `postgres` has a password and a database of ours."""
        self._folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self._folder, USER, USER)
        initdb = [f"{self._programs}/initdb", "-D", str(self._folder), "-U", USER, "-E", "UTF8"]
        self._machine.run(*initdb, "--locale=C", "--auth=trust", "--no-sync", user=USER)
        (self._folder / "pg_hba.conf").write_text(WHO_MAY)
        options = ["-c", "listen_addresses=*", "-c", f"unix_socket_directories={self._folder}"]
        server = [f"{self._programs}/postgres", "-D", str(self._folder), "-p", str(self._port)]
        server += options
        self._machine.start(*server, user=USER)
        wait_for((self._folder / f".s.PGSQL.{self._port}").exists, "PostgreSQL")
        wait_for(self._answers, "PostgreSQL")

    def _answers(self) -> bool:
        try:
            with self.connect("postgres") as one:
                one.execute(f"ALTER USER {USER} PASSWORD '{PASSWORD}'")
                one.execute("CREATE DATABASE shouwen TEMPLATE template0")
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "shouwen") -> psycopg.Connection[tuple[object, ...]]:
        """As its administrator."""
        folder = str(self._folder)
        return psycopg.connect(
            host=folder, port=self._port, user=USER, dbname=database, autocommit=True
        )

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says."""
        with self.connect() as one:
            return one.execute(query, values).fetchall()


class RedisServer:
    """A Redis of this lab's own."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._program = str(need("redis-server")["redis-server"])
        self.url = f"redis://{machine.address}:6379/0"

    def start(self) -> None:
        """It answers."""
        options = ["--bind", "0.0.0.0", "--protected-mode", "no", "--save", ""]
        self._machine.start(self._program, *options, DATA="")
        wait_for(self._answers, "Redis")

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


class FileStore:
    """moto, a published imitation of Amazon's S3: the protocol is real, the store is not."""

    BUCKET = "shouwen-files"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.url = f"http://{machine.address}:5000"
        self.environment = {
            "S3_ENDPOINT": self.url,
            "S3_BUCKET": self.BUCKET,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "tests",
            "S3_SECRET_KEY": "only-for-tests",
        }

    def start(self) -> None:
        """It answers, with an empty bucket."""
        self._machine.start(sys.executable, "-m", "moto.server", "-H", "0.0.0.0", "-p", "5000")
        wait_for(lambda: answers(self.url), "the file store")
        make = urllib.request.Request(f"{self.url}/{self.BUCKET}", method="PUT")
        with urllib.request.urlopen(make, timeout=5):
            pass
