"""An upgrade tried on a copy: what the installed code does to a backup, in a server that is thrown away."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils.translation import gettext as _

from shouwen.core.database import EmbeddedPostgres
from shouwen.core.errors import Refused
from shouwen.keeping.backup.restoring import restore_database_only
from shouwen.keeping.backup.server import Server, applied_migrations, count_rows

FOLDER = ".rehearsal"


class UpgradeFails(Refused):
    """The migrations of this version do not run through on this data."""


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """Row counts by table before and after, and how long it took (seconds)."""

    before: dict[str, int]
    after: dict[str, int]
    migrations: list[str]
    restore_seconds: float
    migrate_seconds: float

    @property
    def lost(self) -> dict[str, int]:
        """Tables that have fewer rows afterwards, or are gone with rows in them: how many rows."""
        missing = {name: rows - self.after.get(name, 0) for name, rows in self.before.items()}
        return {name: rows for name, rows in missing.items() if rows > 0}

    @property
    def gone(self) -> list[str]:
        """Tables that are not there any more."""
        return sorted(self.before.keys() - self.after.keys())

    @property
    def new(self) -> list[str]:
        """Tables that were not there before."""
        return sorted(self.after.keys() - self.before.keys())


def rehearse(backup: Path, folder: Path, out: TextIO | None) -> Rehearsed:
    """The backup's database is migrated in a throw-away server below `folder`; nothing else is touched.

    Refuses (UpgradeFails) with the words of what failed.
    """
    place = folder / FOLDER
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    server = EmbeddedPostgres(place, durable=False)
    try:
        server.start()
        return _rehearse_on(Server.of_url(server.url), backup, server, out)
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)


def _rehearse_on(
    copy: Server, backup: Path, server: EmbeddedPostgres, out: TextIO | None
) -> Rehearsed:
    begun = time.monotonic()
    restore_database_only(backup, copy, out)
    restored = time.monotonic()
    with copy.connect() as connection:
        before, known = count_rows(connection), applied_migrations(connection)
    _migrate(server)
    ended = time.monotonic()
    with copy.connect() as connection:
        after, applied = count_rows(connection), applied_migrations(connection)
    return Rehearsed(
        before=before,
        after=after,
        migrations=[name for name in applied if name not in set(known)],
        restore_seconds=round(restored - begun, 1),
        migrate_seconds=round(ended - restored, 1),
    )


def _migrate(server: EmbeddedPostgres) -> None:
    """What every start of the product does, on the copy."""
    own = {
        "DATABASE_URL": server.url,
        "DATA_DIR": str(server.data_dir),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    done = subprocess.run(
        [sys.executable, "-m", "shouwen.config.cli", "prepare"],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise UpgradeFails(
            _("This version cannot upgrade this data: %s. The real data was not touched.") % last
        )
