"""The operator's story, along docs/operating: backup, break, read what is wrong, repair, restore, upgrade."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.layout import ROOT
from tests.faults.scene import Scene, new_scene
from tests.faults.talkers import Visitor
from tests.keeping.commands import said, shouwen
from tests.served import Served, free_port

PAGES = ROOT / "docs" / "operating"
# What the story types stands in the page that tells of it.
TOLD = {
    "backup.md": ["shouwen backup --to", "shouwen backup --check", "shouwen restore", "--into"],
    "upgrade.md": ["shouwen upgrade --rehearse", "shouwen upgrade "],
    "health.md": ["shouwen doctor", "/healthz", "/metrics"],
    "troubles.md": ["shouwen doctor", "postgres.log", "shouwen restore"],
}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """An installation with a mailbox on real mail servers."""
    with new_scene(with_mail=True) as scene:
        yield scene


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """Another disk, and the second machine's."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-story-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def page(scene: Scene, path: str) -> str:
    """A page of the product as its administrator sees it."""
    request = urllib.request.Request(f"{scene.served.url}{path}")
    request.add_header("Cookie", f"shouwen={scene.stage.session}; shouwen-language=en")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


def doctor(data_dir: Path, **more: str) -> dict[str, dict[str, str]]:
    """What the doctor says, by label."""
    done = shouwen(data_dir, "doctor", "--json", **more)
    assert done.stdout, done.stderr
    return {row["label"]: row for row in json.loads(done.stdout)["rows"]}


def until(seconds: float, is_so: Callable[[], bool]) -> None:
    """It becomes so within so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never became so"
        time.sleep(0.5)


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A disk of its own that is soon full. Needs root; without it the test is skipped."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = Path(tempfile.mkdtemp(prefix="shouwen-small-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


@pytest.mark.parametrize("name", TOLD)
def test_the_pages_say_what_is_typed_here(name):
    text = (PAGES / name).read_text(encoding="utf-8")

    assert [word for word in TOLD[name] if word not in text] == []


def mail_server_dies_and_comes_back(scene: Scene) -> None:
    mail = scene.mail
    assert mail is not None
    mail.imap.stop()
    until(60, lambda: "Check the mailbox" in page(scene, "/health/"))
    mail.imap.start()
    until(120, lambda: "Check the mailbox" not in page(scene, "/health/"))


def disk_is_full_and_has_room_again(scene: Scene, disk: Path) -> None:
    data_dir = scene.served.data_dir
    with small_disk("8m") as small:
        refused = said(shouwen(data_dir, "backup", "--to", str(small)), 1)
        assert "Not enough room" in refused
        assert "Not enough room" in page(scene, "/health/")
    said(shouwen(data_dir, "backup", "--to", str(disk)))
    assert "Not enough room" not in page(scene, "/health/").split("Backups", maxsplit=1)[0]


def network_is_cut_then_everything_is_killed(scene: Scene) -> None:
    data_dir = scene.served.data_dir
    nowhere = f"postgresql://me@127.0.0.1:{free_port()}/shouwen"
    cut = doctor(data_dir, DATABASE_URL=nowhere)["Database"]
    assert (cut["state"], "can be reached" in cut["advice"]) == ("wrong", True)
    scene.served.kill("web")
    scene.served.wait_until_ready(within=60)
    scene.served.kill_all()
    assert "does not answer" in doctor(data_dir)["Database"]["text"]


def test_from_backup_over_every_break_to_the_second_machine(scene, kept):
    disk, second = kept / "usb", kept / "second" / "data"
    visitor = Visitor(scene.widget, "客", scene.ledger)
    visitor.arrive()
    visitor.say(1, until=float("inf"))
    said(shouwen(scene.served.data_dir, "backup", "--to", str(disk)))
    assert "Last good one" in page(scene, "/health/")

    mail_server_dies_and_comes_back(scene)
    disk_is_full_and_has_room_again(scene, disk)
    network_is_cut_then_everything_is_killed(scene)

    assert "is whole" in said(shouwen(second, "backup", "--check", str(disk)))
    said(shouwen(second, "restore", str(disk), "--into", str(second)))
    assert "nothing to do" in said(shouwen(second, "upgrade"))
    restored = Served(second, demo=False, MAILROOM_ALLOW_PRIVATE="1")
    restored.start()
    try:
        visitor.base = visitor.base.replace(scene.served.url, restored.url)
        own = [line["client_id"] for line in visitor.all_lines() if line["kind"] == "visitor"]
        assert own == visitor.said
        until(60, lambda: doctor(second)["Background worker"]["state"] == "ok")
        visitor.say(2, until=time.monotonic() + 30)
        assert b"shouwen_lines_total{" in urllib.request.urlopen(f"{restored.url}/metrics").read()
    finally:
        restored.stop()
