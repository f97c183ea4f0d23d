"""Backup under load, restore elsewhere, and kill -9 in the middle of both. (RELIABILITY F16)"""

import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shouwen.core.database import EmbeddedPostgres
from tests.architecture.layout import ROOT
from tests.faults.ledger import Ledger
from tests.faults.scene import SITE, Scene, new_scene
from tests.faults.talkers import Uploader, Visitor
from tests.keeping.commands import PROGRAM, environment, kill_when, said, shouwen
from tests.served import Served

LOOSE_FILES = 1500


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """The product with one widget and a file store large enough to be interrupted in."""
    with new_scene(with_mail=False) as scene:
        said(shouwen(scene.served.data_dir, "shell", "-c", MANY_FILES))
        yield scene


@pytest.fixture
def served(scene) -> Served:
    """The installation that is backed up."""
    return scene.served


MANY_FILES = f"""
from shouwen.core.files import store_raw
for number in range({LOOSE_FILES}):
    store_raw(f"file {{number}}".encode() * 50)
"""


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder of another machine. Not pytest's: the database's account must be able to enter it."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-restored-"))
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


class Writers:
    """Visitors who write on, before, during and after a backup."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.ledger = Ledger(folder / "ledger.tsv")
        self.visitors = [
            kind(scene.widget, f"客{n}", self.ledger)
            for n, kind in enumerate((Visitor, Visitor, Visitor, Uploader))
        ]
        self.is_over = threading.Event()
        for visitor in self.visitors:
            visitor.arrive()
        self.threads = [threading.Thread(target=self._write, args=(v,)) for v in self.visitors]
        for thread in self.threads:
            thread.start()

    def _write(self, visitor: Visitor) -> None:
        number = 0
        while not self.is_over.wait(0.6):
            number += 1
            visitor.say(number, until=time.monotonic() + 30)

    def wait_for(self, count: int) -> None:
        """So many lines are acknowledged."""
        deadline = time.monotonic() + 60
        while len(self.ledger.acked) < count and time.monotonic() < deadline:
            time.sleep(0.1)

    def end(self) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()


def newest(folder: Path) -> Path:
    return sorted(folder.glob("2*Z"))[-1]


def test_all_that_was_acknowledged_before_is_whole_on_another_machine(
    scene, served, elsewhere, tmp_path
):
    writers = Writers(scene, tmp_path)
    try:
        writers.wait_for(8)
        before = set(writers.ledger.acked)
        said(shouwen(served.data_dir, "backup", "--to", str(tmp_path / "kept")))
    finally:
        writers.end()

    said(shouwen(elsewhere, "restore", str(tmp_path / "kept"), "--into", str(elsewhere)))
    restored = Served(elsewhere, demo=False)
    restored.start()
    try:
        for visitor in writers.visitors:
            visitor.base = f"{restored.url}/widget/{SITE}"
        there = [
            line["client_id"]
            for visitor in writers.visitors
            for line in visitor.all_lines()
            if line["kind"] == "visitor"
        ]
    finally:
        restored.stop()

    assert len(before) >= 8
    assert before - set(there) == set()
    assert len(there) == len(set(there))
    assert set(there) <= set(writers.ledger.sent)
    assert len(list((elsewhere / "files").rglob("*"))) >= LOOSE_FILES


def test_a_killed_backup_goes_on_and_is_never_taken_for_whole(served, tmp_path):
    kept = tmp_path / "kept"

    def some_files_are_copied() -> bool:
        return len(list(kept.glob("*.unfinished/files/*"))) > 40

    kill_when(served.data_dir, "backup", "--to", str(kept), is_time=some_files_are_copied)
    assert "no finished backup" in said(shouwen(served.data_dir, "backup", "--check", str(kept)), 1)
    [left] = kept.glob("*.unfinished")
    copied = {
        path.relative_to(left): path.stat().st_ino
        for path in left.glob("files/*/*/*")
        if not path.name.startswith(".")
    }

    said(shouwen(served.data_dir, "backup", "--to", str(kept)))

    made = newest(kept)
    assert {path: (made / path).stat().st_ino for path in copied} == copied
    assert "is whole" in said(shouwen(served.data_dir, "backup", "--check", str(kept)))


def test_a_killed_restore_leaves_nothing_that_could_be_served_and_goes_on(
    served, elsewhere, tmp_path
):
    kept = tmp_path / "kept"
    said(shouwen(served.data_dir, "backup", "--to", str(kept)))
    words = ["restore", str(kept), "--into", str(elsewhere)]

    def database_is_coming() -> bool:
        return (elsewhere / ".restoring" / "postgres" / "postmaster.pid").exists()

    kill_when(elsewhere, *words, is_time=database_is_coming)
    refused = subprocess.run(
        [*PROGRAM, "up"], cwd=ROOT, env=environment(elsewhere, PORT="0"), capture_output=True
    )
    assert b"was interrupted" in refused.stdout + refused.stderr
    assert refused.returncode
    assert not (elsewhere / "postgres").exists()

    assert "all counted" in said(shouwen(elsewhere, *words))
    assert not (elsewhere / ".restoring").exists()
    server = EmbeddedPostgres(elsewhere)
    server.start()
    server.stop()


def test_a_full_folder_is_never_overwritten_without_the_word(served, tmp_path):
    kept = tmp_path / "kept"
    said(shouwen(served.data_dir, "backup", "--to", str(kept)))

    assert "Stop it first" in said(shouwen(served.data_dir, "restore", str(kept)), 1)
    served.stop()
    assert "--force" in said(shouwen(served.data_dir, "restore", str(kept)), 1)
    said(shouwen(served.data_dir, "restore", str(kept), "--force"))

    [aside] = served.data_dir.glob("postgres.before-*")
    assert (aside / "PG_VERSION").exists()
    served.start()
