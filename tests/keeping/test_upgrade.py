"""A database of the version before, filled, is upgraded: on a copy first, then for good."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keeping.commands import said, shouwen

FILL = "from tests.faults.stage import build; build(imap_port=0, smtp_port=0)"
# Takes every part that has more than one change back by one, as far as changes can be taken back:
# what stands there is then what the version before would have kept. Prints what it took back.
STEP_BACK = """
import json
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.loader import MigrationLoader
taken = []
for label in [one.label for one in apps.get_app_configs() if one.name.startswith("shouwen.")]:
    names = sorted(n for a, n in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if a == label)
    applied = MigrationLoader(connection).applied_migrations
    if len(names) < 2 or (label, names[-1]) not in applied:
        continue
    try:
        call_command("migrate", label, names[-2], verbosity=0)
        taken.append(f"{label}.{names[-1]}")
    except IrreversibleError:
        continue
print("TAKEN", json.dumps(taken))
"""
COUNT_STAFF = """
from shouwen.accounts.models import Staff
from shouwen.accounts.models import Role
print("STAFF", Staff.objects.count(), Role.objects.filter(permissions__contains=["keeping.see_health"]).count())
"""


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A folder with a filled database, one step behind."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-upgrade-"))
    said(shouwen(folder / "data", "prepare"))
    said(shouwen(folder / "data", "shell", "-c", FILL))
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


def test_an_older_database_is_rehearsed_and_then_upgraded(data_dir):
    counted = said(shouwen(data_dir, "shell", "-c", COUNT_STAFF))
    words = said(shouwen(data_dir, "shell", "-c", STEP_BACK))
    taken = json.loads(words.split("TAKEN", 1)[1].splitlines()[0])
    assert "keeping.0002_health_permission" in taken
    assert said(shouwen(data_dir, "backup", "--keep", "0"))

    rehearsed = said(shouwen(data_dir, "upgrade", "--rehearse"))

    assert "no row is lost" in rehearsed
    assert all(name in rehearsed for name in taken)
    assert not (data_dir / ".rehearsal").exists()

    upgraded = said(shouwen(data_dir, "upgrade"))
    assert "Upgraded" in upgraded
    assert len(list((data_dir / "backups").glob("2*Z"))) == 3
    again = said(shouwen(data_dir, "upgrade"))
    assert "nothing to do" in again
    assert (
        said(shouwen(data_dir, "shell", "-c", COUNT_STAFF)).split("STAFF")[1]
        == (counted.split("STAFF")[1])
    )
