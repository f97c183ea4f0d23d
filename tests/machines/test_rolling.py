"""Restarts under load on one machine: nobody notices. (RELIABILITY F15)"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.architecture.layout import ROOT
from tests.faults.ledger import Ledger, call
from tests.machines.callers import Traffic
from tests.machines.widget import SET_UP, SITE
from tests.served import Served, new_served

NO_PACE = {"VISITOR_LINES_A_MINUTE": "100000", "VISITORS_AN_HOUR": "100000"}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with new_served(demo=False, WEB_PROCESSES="2", **NO_PACE) as served:
        shouwen(served, "shell", "-c", SET_UP)
        yield served


def shouwen(served: Served, *words: str) -> str:
    """The output of a command of the product on the same data."""
    done = subprocess.run(
        [sys.executable, "-m", "shouwen.config.cli", *words],
        cwd=ROOT,
        env=served.whole_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def pids(served: Served) -> set[int]:
    parent = served.members()["parent"]
    return {one.pid for one in parent.children() if one.cmdline()[-1].endswith("_process")}


def test_a_rolling_restart_under_load_fails_no_request_and_loses_no_line(served, tmp_path):
    before = pids(served)
    traffic = Traffic(served.url, SITE, Ledger(tmp_path / "ledger.tsv"))
    traffic.start()
    time.sleep(1)

    said = shouwen(served, "restart")

    time.sleep(1)
    traffic.stop()
    verdict = traffic.verdict()
    assert "up (process" in said
    assert len(pids(served)) == len(before)
    assert not pids(served) & before
    assert traffic.tally.failed == []
    assert traffic.tally.answered > 100
    assert set(traffic.ledger.acked) == set(traffic.ledger.sent)
    assert verdict.is_clean(), verdict


def test_sockets_are_told_to_come_back_at_once(served):
    base = f"{served.url}/widget/{SITE}"
    address = base.replace("http", "ws", 1).replace("/widget/", "/ws/widget/")
    with connect(address, origin=served.url) as socket:
        hello = {"type": "hello", "token": call(f"{base}/session", {})["token"], "after": 0}
        socket.send(json.dumps(hello))
        shouwen(served, "restart")
        while socket.close_code is None:
            with suppress(ConnectionClosed):
                socket.recv(timeout=20)
        assert socket.close_code == 1012


def test_while_a_machine_drains_it_serves_on_and_says_so(tmp_path):
    with new_served(demo=False, DRAIN_SECONDS="3") as served:
        served.process.terminate()
        time.sleep(1)

        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{served.url}/healthz", timeout=3)
        refused.value.close()
        with urllib.request.urlopen(f"{served.url}/sign-in/", timeout=3) as page:
            closes = page.headers["Connection"]

        assert refused.value.code == 503
        assert (page.status, closes) == (200, "close")
        assert served.process.wait(20) == 0
