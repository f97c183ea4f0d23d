"""What every test shares: one throw-away PostgreSQL a run, quick passwords, a clean cache.

The settings are imported after the server runs, so nothing here touches a real database.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

from shouwen.core.database import EmbeddedPostgres
from shouwen.core.live import hub

pytest_plugins = ["tools.duties_plugin"]

# The same examples every time, so that a failure is somebody's change; nightly searches on.
hypothesis.settings.register_profile("house", derandomize=True, deadline=None, max_examples=100)
hypothesis.settings.register_profile("nightly", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def start_throw_away_database() -> None:
    """This run has its own PostgreSQL and data folder, gone when the run ends.

    Workers of xdist inherit both through the environment.
    """
    folder = Path(tempfile.mkdtemp(prefix="shouwen-test-"))
    server = EmbeddedPostgres(folder, durable=False)
    server.start()

    def remove() -> None:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    static = folder / "static"
    static.mkdir()
    os.environ |= {
        "DATABASE_URL": server.url,
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(static),
        "SECRET_KEY": "only-for-tests",
        "DB_POOL": "12",
    }


def prepare_django() -> None:
    """Django is set up on the throw-away database, with settings fit for tests."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwen.config.settings"
    from django.conf import settings  # noqa: PLC0415 - only after the environment is complete

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()


# Filled by migrations; a flush would leave later tests without them.
BUILT_IN = (
    "conversations_contactkind",
    "conversations_contactquestion",
    "conversations_reportspan",
    "mailroom_droprule",
)


def let_flushes_empty_history() -> None:
    """Tests that commit end with all tables emptied but for what migrations wrote into them.

    The guard of history steps aside for that only.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: PLC0415

    flush = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        jobs = "TRUNCATE procrastinate_jobs CASCADE"  # not Django's tables: it would leave them
        give_back = [f"INSERT INTO {one} TABLE built_in.{one}" for one in BUILT_IN]
        step_aside = "SET LOCAL session_replication_role = replica"
        flush(self, [step_aside, jobs, *sql_list, *give_back])

    DatabaseOperations.execute_sql_flush = execute_sql_flush


if "PYTEST_XDIST_WORKER" not in os.environ:
    start_throw_away_database()
prepare_django()
let_flushes_empty_history()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The whole server is thrown away: dropping its databases first would only wait for connections."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:  # noqa: ARG001 - first
    """What migrations wrote is laid aside, to be given back after every flush."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA built_in")
        for name in BUILT_IN:
            cursor.execute(f"CREATE TABLE built_in.{name} AS TABLE {name}")


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> None:
    """Files that a test stores are its own."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    """No test sees what another one put into the cache."""
    yield
    cache.clear()


@pytest.fixture(scope="session")
def loop_runner(
    django_db_setup: None,  # noqa: ARG001 - the listener needs the tests' database
    django_db_blocker: object,
) -> Iterator[asyncio.Runner]:
    """One event loop for all sockets, as in a process, with its listener running.

    It stands here and nowhere else: a folder that had its own would share the one hub of the
    process with it, and the hub tells its nudges in the loop it was started in.
    """
    with asyncio.Runner() as runner:

        async def start() -> None:
            hub.ensure_listening()
            await asyncio.sleep(0.3)

        with django_db_blocker.unblock():
            runner.run(start())
        yield runner
        runner.run(hub.stop())
