"""kill -9 under load on every way in: what was acknowledged is there, once, in order. (F1-F4)"""

import random
import time

import psycopg
import pytest

from tests.faults.judging import judge
from tests.faults.ledger import NotAnswered, call
from tests.faults.scene import Load, Scene
from tests.faults.talkers import Visitor

pytestmark = pytest.mark.faults
KILLS = ["web"] * 4 + ["work"] * 2 + ["postgres"] * 2
PAGES_WORK_WITHIN_SECONDS = 10.0


def test_loses_and_doubles_nothing_whatever_is_killed(scene: Scene) -> None:
    load = Load(scene, posts=3, sockets=3)
    load.start()
    for name in random.sample(KILLS, len(KILLS)):
        time.sleep(random.uniform(0.3, 1.0))
        scene.kill(name)
    time.sleep(random.uniform(0.3, 1.0))
    scene.kill_all()
    load.stop()

    verdict = judge(load)

    assert verdict.is_clean(), verdict
    assert scene.ledger.acked.keys() == scene.ledger.sent.keys()


def test_the_database_syncs_before_it_acknowledges(scene: Scene) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert scene.rows(f"SHOW {name}") == [("on",)]


def test_pages_work_soon_after_the_database_does(scene: Scene) -> None:
    web, worker = scene.served.members()["web"].pid, scene.served.members()["work"].pid
    scene.served.kill("postgres")
    time.sleep(0.2)
    scene.wait_for_rows("SELECT 1", within=30)
    begun = time.monotonic()

    visitor = say_until_kept(scene)

    assert visitor.token
    assert time.monotonic() - begun < PAGES_WORK_WITHIN_SECONDS
    assert scene.served.members()["web"].pid == web
    assert scene.served.members()["work"].pid == worker


def test_pages_work_soon_after_all_connections_were_cut(scene: Scene) -> None:
    web, worker = scene.served.members()["web"].pid, scene.served.members()["work"].pid
    scene.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    )
    begun = time.monotonic()

    say_until_kept(scene)

    assert time.monotonic() - begun < PAGES_WORK_WITHIN_SECONDS
    time.sleep(2)
    assert scene.served.members()["web"].pid == web
    assert scene.served.members()["work"].pid == worker


def say_until_kept(scene: Scene) -> Visitor:
    """A stranger comes, as often as it takes, and says something."""
    visitor = Visitor(scene.widget, "丙", scene.ledger)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            visitor.arrive()
            break
        except (NotAnswered, psycopg.Error):
            time.sleep(0.1)
    visitor.say(1, until=deadline)
    return visitor


def test_stops_cleanly_on_ctrl_c_and_keeps_the_data(scene: Scene) -> None:
    visitor = say_until_kept(scene)

    scene.served.stop()
    assert scene.served.process is not None
    assert scene.served.process.returncode == 0
    scene.served.start()

    assert call(f"{scene.widget}/session", {"token": visitor.token})["token"] == visitor.token
    assert [line["text"] for line in visitor.all_lines() if line["kind"] == "visitor"] == [
        "丙 第 1 句：电梯又停了"
    ]
