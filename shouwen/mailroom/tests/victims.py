"""Workers that are killed in fault tests, and what is asked of the mail server afterwards."""

import email
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from shouwen.mailroom.tests.servers import Sink

SECONDS = 60


@pytest.fixture
def victim(committed: None, settings: object, tmp_path: object) -> Iterator[Callable[..., object]]:
    """Starts workers on this test's database and files; none survives the test."""
    place = connection.settings_dict
    host = place.get("HOST") or ""
    url = f"postgres://{place['USER']}@{host}:{place['PORT']}/{place['NAME']}"
    if host.startswith("/"):
        url = f"postgres://{place['USER']}@/{place['NAME']}?host={host}&port={place['PORT']}"
    elif place.get("PASSWORD"):
        url = (
            f"postgres://{place['USER']}:{place['PASSWORD']}@{host}:{place['PORT']}/{place['NAME']}"
        )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "files").symlink_to(settings.MEDIA_ROOT)
    (tmp_path / "files").mkdir(exist_ok=True)
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(tmp_path / "data")}
    running = []

    def start(*arguments):
        command = [sys.executable, "-m", "shouwen.mailroom.tests.victim", *arguments]
        running.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.wait()


def wait_until(is_true, seconds=SECONDS):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def copies(sink: Sink) -> Counter[str]:
    """How often each Message-ID was taken."""
    return Counter(email.message_from_bytes(one.content)["Message-ID"] for one in sink.taken)
