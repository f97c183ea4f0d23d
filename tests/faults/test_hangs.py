"""The database hangs, and does not die: an answer within five seconds, no crowd of threads, whole again alone. (F5)"""

import contextlib
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil
import psycopg
import pytest

from shouwen.core.database import embedded_url
from tests.faults.scene import Scene
from tests.faults.talkers import Visitor
from tests.faults.test_kills import say_until_kept

pytestmark = pytest.mark.faults
HANGS_SECONDS = 8.0
ASKED_EVERY_SECONDS = 0.25
ANSWERED_WITHIN_SECONDS = 5.0
# On a machine that does other things too, everything takes a little longer.
GRACE_SECONDS = 1.0
THREADS_MORE = 40
WELL_AGAIN_WITHIN_SECONDS = 5.0


class Asking:
    """Somebody opens a page every quarter of a second, without waiting for the last one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._threads: list[threading.Thread] = []
        self.answers: list[tuple[int, float, str]] = []

    def ask(self, *, seconds: float) -> None:
        """So long; then all are answered."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._threads.append(threading.Thread(target=self._ask))
            self._threads[-1].start()
            time.sleep(ASKED_EVERY_SECONDS)
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(self._url, timeout=30) as answer:
                status, words = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, words = error.code, error.read().decode()
        self.answers.append((status, time.monotonic() - begun, words))

    def slowest(self) -> float:
        """The seconds of the slowest answer."""
        return max(seconds for _status, seconds, _words in self.answers)


@contextmanager
def stopped(processes: list[psutil.Process]) -> Iterator[None]:
    """They stand still, and go on afterwards."""
    for one in processes:
        one.suspend()
    try:
        yield
    finally:
        for one in processes:
            one.resume()


def is_well(scene: Scene) -> bool:
    deadline = time.monotonic() + WELL_AGAIN_WITHIN_SECONDS + GRACE_SECONDS
    while time.monotonic() < deadline:
        if scene.served.is_ready():
            return True
        time.sleep(0.1)
    return False


def a_page(scene: Scene) -> str:
    return f"{scene.widget}/"


def test_pages_answer_while_the_whole_database_stands_still(scene: Scene) -> None:
    visitor = say_until_kept(scene)
    web = scene.served.members()["web"]
    before = web.num_threads()
    postmaster = scene.served.members()["postgres"]
    asking = Asking(a_page(scene))
    writing = threading.Thread(
        target=visitor.say, args=(2,), kwargs={"until": time.monotonic() + 40}
    )

    with stopped([postmaster, *postmaster.children(recursive=True)]):
        writing.start()
        asking.ask(seconds=HANGS_SECONDS)
        crowd = web.num_threads()

    assert asking.slowest() < ANSWERED_WITHIN_SECONDS + GRACE_SECONDS
    assert {status for status, _seconds, _words in asking.answers} <= {200, 503}
    refused = [words for status, _seconds, words in asking.answers if status == 503]
    assert refused
    assert all("数据库暂时没有应答" in words for words in refused)
    assert crowd < before + THREADS_MORE
    assert is_well(scene)
    writing.join()
    assert visitor.said[-1] in scene.ledger.acked
    assert scene.served.members()["web"].pid == web.pid


def test_a_held_table_makes_nobody_wait_long(scene: Scene) -> None:
    visitor = say_until_kept(scene)
    writing = threading.Thread(
        target=visitor.say, args=(2,), kwargs={"until": time.monotonic() + 40}
    )
    asking = Asking(f"{scene.served.url}/healthz")

    with psycopg.connect(embedded_url(scene.served.data_dir)) as holder:
        holder.execute("LOCK TABLE conversations_line, conversations_widgetsite")
        writing.start()
        pages = Asking(a_page(scene))
        pages.ask(seconds=4)
        asking.ask(seconds=1)
        holder.rollback()

    assert pages.slowest() < ANSWERED_WITHIN_SECONDS + GRACE_SECONDS
    assert {status for status, _seconds, _words in pages.answers} == {503}
    assert {status for status, _seconds, _words in asking.answers} == {200}
    writing.join()
    assert visitor.said[-1] in scene.ledger.acked


def test_used_up_connections_make_nobody_wait_long(scene: Scene) -> None:
    visitor = say_until_kept(scene)
    pages = Asking(a_page(scene))

    with ExitStack() as stack:
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                stack.enter_context(psycopg.connect(embedded_url(scene.served.data_dir)))
        pages.ask(seconds=4)

    assert pages.slowest() < ANSWERED_WITHIN_SECONDS + GRACE_SECONDS
    assert {status for status, _seconds, _words in pages.answers} <= {200, 503}
    assert is_well(scene)
    visitor.say(2, until=time.monotonic() + 10)
    assert visitor.said[-1] in scene.ledger.acked


def test_a_worker_that_stood_still_goes_on(scene: Scene) -> None:
    worker = scene.served.members()["work"]
    with stopped([worker]):
        visitor = say_until_kept(scene)
        time.sleep(2)

    assert isinstance(visitor, Visitor)
    query = (
        "SELECT 1 FROM heartbeat WHERE name LIKE 'worker:%%' AND beat_at > now() - interval '3 s'"
    )
    assert scene.wait_for_rows(query, within=15)
    assert scene.served.members()["work"].pid == worker.pid
