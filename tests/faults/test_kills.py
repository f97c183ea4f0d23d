"""kill -9 under a small load: every acknowledged line is there, once, in order. (RELIABILITY F1-F4)"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.layout import ROOT
from tests.faults.ledger import Ledger, SocketVisitor, Visitor, call, judge
from tests.served import OF_THE_TESTS, Served, new_served

pytestmark = pytest.mark.faults

SITE = "faults0123456789"
SET_UP = f"""
from shouwen.accounts.models import Department
from shouwen.accounts.operations.departments import found_departments
from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import WidgetSite
from shouwen.conversations.operations.setup import ensure_default_queue, save_widget_site
by = system_staff()
found_departments(by=by)
queue = ensure_default_queue(name="客服", department=Department.objects.get(code="service"), by=by)
save_widget_site(WidgetSite(key="{SITE}", name="测试", title="测试", queue=queue), by=by)
"""
LINES_A_VISITOR = 14
PAUSE_SECONDS = 0.5
GIVE_UP_AFTER_SECONDS = 90.0


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The product with one widget and nothing else; whatever a test kills is its own."""
    environment = {name: os.environ[name] for name in os.environ.keys() - OF_THE_TESTS}
    with new_served(demo=False) as served:
        subprocess.run(
            [sys.executable, "-m", "shouwen.config.cli", "shell", "-c", SET_UP],
            cwd=ROOT,
            env=environment | {"DATA_DIR": str(served.data_dir)},
            check=True,
            capture_output=True,
        )
        yield served


def run_under_load(served: Served, folder: os.PathLike[str], hurt: Callable[[], None]) -> None:
    """Six visitors write while `hurt` kills; afterwards nothing is lost, doubled, invented, disordered."""
    base = f"{served.url}/widget/{SITE}"
    ledger = Ledger(folder / "ledger.tsv")
    visitors: list[Visitor] = [Visitor(base, f"甲{n}", ledger) for n in range(3)]
    visitors += [SocketVisitor(base, f"乙{n}", ledger) for n in range(3)]
    for visitor in visitors:
        visitor.arrive()
    until = time.monotonic() + GIVE_UP_AFTER_SECONDS

    def write(visitor: Visitor) -> None:
        for number in range(LINES_A_VISITOR):
            visitor.say(number, until=until)
            time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=write, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    hurt()
    for thread in threads:
        thread.join()
    served.wait_until_ready(within=30)
    verdict = judge(visitors, ledger)
    assert len(ledger.acked) == len(visitors) * LINES_A_VISITOR
    assert (verdict.lost, verdict.doubled, verdict.ghosts, verdict.out_of_order) == ([], [], [], [])


def kill_again_and_again(served: Served, name: str, times: int) -> None:
    for _number in range(times):
        time.sleep(1.6)
        served.kill(name)
        served.wait_until_ready(within=30)


@pytest.mark.parametrize(("name", "times"), [("web", 4), ("work", 3), ("postgres", 3)])
def test_loses_and_doubles_nothing_when_a_process_is_killed(served, tmp_path, name, times):
    run_under_load(served, tmp_path, lambda: kill_again_and_again(served, name, times))


def test_loses_and_doubles_nothing_when_everything_is_killed(served, tmp_path):
    def kill_everything() -> None:
        time.sleep(2.0)
        served.kill_all()
        served.start()

    run_under_load(served, tmp_path, kill_everything)


def test_pages_work_soon_after_the_database_does(served):
    served.kill("postgres")
    begun = time.monotonic()
    served.wait_until_ready(within=30)

    assert call(f"{served.url}/widget/{SITE}/session", {})["token"]
    assert time.monotonic() - begun < 30


def test_stops_cleanly_on_ctrl_c_and_keeps_the_data(served):
    visitor = Visitor(f"{served.url}/widget/{SITE}", "丙", Ledger(served.data_dir / "l.tsv"))
    visitor.arrive()
    visitor.say(1, until=time.monotonic() + 20)

    served.stop()
    assert served.process is not None
    assert served.process.returncode == 0
    served.start()

    assert [line["text"] for line in visitor.all_lines() if line["kind"] == "visitor"] == [
        "丙 第 1 句：电梯又停了"
    ]
