"""The network between the product and its database: cut, dead, slow, breaking now and then. (F13)"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shouwen.core.database import EmbeddedPostgres
from tests.fakes.network import Network, network_to
from tests.faults.judging import judge
from tests.faults.scene import NO_PACE, Load, Scene, build_stage
from tests.faults.test_hangs import ANSWERED_WITHIN_SECONDS, GRACE_SECONDS, Asking, is_well
from tests.served import Served, own_folder

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def remote() -> Iterator[tuple[Scene, Network]]:
    """The product with its database behind a network."""
    with ExitStack() as stack:
        folder: Path = stack.enter_context(own_folder())
        database = EmbeddedPostgres(folder / "elsewhere")
        database.data_dir.mkdir()
        database.start()
        stack.callback(database.stop)
        network = stack.enter_context(network_to(database.socket / ".s.PGSQL.5432"))
        url = f"postgresql://postgres@127.0.0.1:{network.port}/shouwen?gssencmode=disable"
        served = Served(folder / "data", demo=False, DATABASE_URL=url, **NO_PACE)
        stack.callback(served.stop)
        served.start()
        scene = Scene(served, build_stage(served, None), None)
        scene.database_url = database.url
        yield scene, network


def test_nothing_is_lost_while_the_network_to_the_database_fails_in_every_way(
    remote: tuple[Scene, Network],
) -> None:
    scene, network = remote
    load = Load(scene, posts=3, sockets=3)
    load.start()
    for harm in (
        network.cut,
        network.swallow,
        lambda: network.slow(0.25),
        lambda: network.break_some(0.05),
    ):
        time.sleep(1.0)
        harm()
        time.sleep(3.0)
        network.mend()
        assert is_well(scene)
    load.stop()

    verdict = judge(load)

    assert verdict.is_clean(), verdict
    assert scene.ledger.acked.keys() == scene.ledger.sent.keys()


def test_a_dead_network_makes_nobody_wait_long(remote: tuple[Scene, Network]) -> None:
    scene, network = remote
    pages = Asking(f"{scene.widget}/")
    network.swallow()
    pages.ask(seconds=6)
    network.mend()

    assert pages.slowest() < ANSWERED_WITHIN_SECONDS + GRACE_SECONDS
    assert 503 in {status for status, _seconds, _words in pages.answers}
    assert is_well(scene)
