"""The disk fills up: plain words, reading goes on, nothing half done, whole again alone. (F11)"""

import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.ledger import Unexpected, call
from tests.faults.scene import NO_PACE, Scene, build_stage
from tests.faults.talkers import Uploader, Visitor
from tests.faults.test_hangs import Asking
from tests.served import Served

pytestmark = pytest.mark.faults
SIZE_MB = 400
RESERVE_MB = 48
MIB = 1024 * 1024
RECOVERS_WITHIN_SECONDS = 40.0


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of its own that is soon full; only root may make one."""
    folder = Path(tempfile.mkdtemp(prefix="shouwen-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(folder)]
    made = subprocess.run(mount, check=False, capture_output=True, text=True)
    if made.returncode:
        folder.rmdir()
        pytest.skip(f"no disk of its own (needs root and mount): {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def cramped() -> Iterator[Scene]:
    """The product on a small disk."""
    with small_disk() as folder, ExitStack() as stack:
        served = Served(folder / "data", demo=False, **NO_PACE, DISK_RESERVE_MB=str(RESERVE_MB))
        stack.callback(served.stop)
        served.start()
        yield Scene(served, build_stage(served, None), None)


@contextmanager
def filled(scene: Scene, *, but_for_mb: int) -> Iterator[None]:
    """Somebody else's file takes the room."""
    ballast = scene.served.data_dir.parent / "ballast"
    free = shutil.disk_usage(ballast.parent).free - but_for_mb * MIB
    with ballast.open("wb") as file:
        try:
            for _number in range(free // MIB + (but_for_mb == 0)):
                file.write(b"\0" * MIB)
        except OSError:
            pass
    time.sleep(1.2)
    try:
        yield
    finally:
        ballast.unlink()


def newcomer(scene: Scene) -> tuple[Visitor, Uploader]:
    visitor, uploader = (kind(scene.widget, "客", scene.ledger) for kind in (Visitor, Uploader))
    for one in (visitor, uploader):
        one.arrive()
        one.say(0, until=time.monotonic() + 20)
    assert isinstance(uploader, Uploader)
    return visitor, uploader


def files_on_disk(scene: Scene) -> set[str]:
    folder = scene.served.data_dir / "files"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_when_room_runs_out_nothing_new_is_taken_and_everything_can_be_read(
    cramped: Scene,
) -> None:
    visitor, uploader = newcomer(cramped)
    files, rows = files_on_disk(cramped), cramped.rows("SELECT count(*) FROM stored_file")
    body = {"client_id": str(uuid.uuid4()), "text": "放不下了", "files": []}

    with filled(cramped, but_for_mb=RESERVE_MB // 2):
        for refused in (
            lambda: call(f"{cramped.widget}/lines", body, visitor.token),
            lambda: uploader.deliver(uploader.said[0], uploader.words(1, uploader.said[0])),
        ):
            with pytest.raises(OSError, match="507"):
                refused()
        assert len(visitor.all_lines()) >= 1
        pages = Asking(f"{cramped.widget}/")
        pages.ask(seconds=1)
        assert {status for status, _seconds, _words in pages.answers} == {200}

    assert files_on_disk(cramped) == files
    assert cramped.rows("SELECT count(*) FROM stored_file") == rows
    time.sleep(1.2)
    visitor.say(1, until=time.monotonic() + 20)
    uploader.say(1, until=time.monotonic() + 20)
    assert {visitor.said[-1], uploader.said[-1]} <= cramped.ledger.acked.keys()


def test_a_disk_filled_to_the_last_byte_costs_nothing_that_was_acknowledged(
    cramped: Scene,
) -> None:
    visitor, uploader = newcomer(cramped)
    with filled(cramped, but_for_mb=0):
        end = time.monotonic() + 6
        while time.monotonic() < end:
            try:
                uploader.say(1, until=time.monotonic() + 0.5)
                visitor.say(1, until=time.monotonic() + 0.5)
            except Unexpected as error:
                raise AssertionError(str(error)) from error

    end = time.monotonic() + RECOVERS_WITHIN_SECONDS
    while not cramped.served.is_ready() and time.monotonic() < end:
        time.sleep(0.2)
    for one in (visitor, uploader):
        one.say(2, until=max(end, time.monotonic() + 10))
        assert one.said[-1] in cramped.ledger.acked
    there = {row[0] for row in cramped.rows("SELECT client_id::text FROM conversations_line")}
    assert cramped.ledger.acked.keys() <= there
    assert there - {None} <= cramped.ledger.sent.keys()
    for client_id, content in uploader.files.items():
        if client_id in cramped.ledger.acked:
            assert content in contents(cramped)
    assert not [name for name in files_on_disk(cramped) if Path(name).name.startswith(".")]


def contents(scene: Scene) -> set[bytes]:
    folder = scene.served.data_dir / "files"
    return {(folder / name).read_bytes() for name in files_on_disk(scene)}
