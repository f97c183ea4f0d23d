"""Two machines for web and two for work: people on different ones see each other without a gap."""

import itertools
import json
import os
import time
from collections.abc import Iterator

import pytest

from tests.faults.ledger import Ledger, call, exchange
from tests.machines.callers import Traffic
from tests.machines.lab import shouwen
from tests.machines.product import (
    PORT,
    WITHOUT_REDIS_PORT,
    Company,
    log_of,
    new_company,
)
from tests.machines.screens import Screen
from tests.machines.servers import wait_for
from tests.machines.widget import FORM, form_with

TALKS = 4
BACK_WITHIN_SECONDS = 3.0
TAKEN_OVER_WITHIN_SECONDS = 30.0
# The lab's addresses are on this machine, but not loopback.
pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    with new_company() as company:
        company.talks = company.people(TALKS)
        yield company


def pair(company: Company, number: int, port: int = PORT) -> tuple[Screen, Screen]:
    """The visitor's screen on one machine, the agent's on the other."""
    talk, machines = company.talks[number], company.web[:: 1 if number % 2 else -1]
    sides = (talk["visitor"], talk["agent"])
    return tuple(
        Screen(f"{machine.address}:{port}", side).open()
        for machine, side in zip(machines, sides, strict=True)
    )


def settle(*screens: Screen, within: float = 30.0) -> None:
    """All is acknowledged, and everybody shows what anybody said."""
    said = {text for one in screens for text in one.said}
    wait_for(lambda: all(one.is_empty() for one in screens), "acknowledgement", within)
    wait_for(lambda: all(said <= set(one.texts()) for one in screens), "all on both", within)


def assert_whole(*screens: Screen) -> None:
    """Nothing missing, nothing twice, one order."""
    first = screens[0]
    numbers = [seq for seq, _rev, _text in first.seen]
    assert numbers == sorted(set(numbers))
    for other in screens[1:]:
        assert other.seen == first.seen


@pytest.mark.parametrize("port", [PORT, WITHOUT_REDIS_PORT], ids=["redis", "notify"])
def test_people_on_different_machines_see_each_other_without_a_gap(company, port):
    if port == WITHOUT_REDIS_PORT:
        company.start_without_redis()
    pairs = [pair(company, number, port) for number in range(TALKS)]
    people = list(itertools.chain(*pairs))
    for one in people:
        assert one.is_open.wait(20)
    begun = time.monotonic()
    for number in range(10):
        for visitor, agent in pairs:
            visitor.say(f"第 {number} 句：在吗？{port}")
            agent.say(f"第 {number} 句：在的。{port}")
        time.sleep(0.1)

    for two in pairs:
        settle(*two)
        assert_whole(*two)
        assert sum(str(port) in text for text in two[0].texts()) == 20
    assert time.monotonic() - begun < 30
    for one in people:
        one.close()


def test_a_rolling_restart_of_all_machines_under_load_loses_nothing(company, tmp_path):
    site = company.talks[0]["visitor"]["path"].rsplit("/", 1)[1]
    loads = [
        Traffic(
            f"http://{one.address}:{PORT}", site, Ledger(tmp_path / f"{one.name}.tsv"), pause=0.1
        )
        for one in company.web
    ]
    pairs = [pair(company, number) for number in range(2)]
    for load in loads:
        load.start(readers=1, posters=1, talkers=1)
    for number, machine in enumerate([*company.web, *company.work]):
        for visitor, agent in pairs:
            visitor.say(f"重启中 {number}")
            agent.say(f"收到 {number}")
        assert "Restarted" in machine.run(*shouwen("restart"), **company.environment(machine))
    for load in loads:
        load.stop()

    for two in pairs:
        settle(*two)
        assert_whole(*two)
        for one in two:
            assert one.cuts > 0
            one.close()
    for load, machine in zip(loads, company.web, strict=True):
        verdict = load.verdict()
        assert load.tally.failed == [], log_of(machine)
        assert load.tally.answered > 50
        assert set(load.ledger.acked) == set(load.ledger.sent)
        assert verdict.is_clean(), verdict


def test_after_a_cut_cable_everything_missed_is_shown_once_and_in_order(company):
    visitor, agent = pair(company, 1)
    cut = company.web[0]
    assert visitor.base.startswith(cut.address)
    for one in (visitor, agent):
        assert one.is_open.wait(20)
    settle(visitor, agent)

    cut.unplug()
    visitor.say("断网时客户写的")
    for number in range(5):
        agent.say(f"断网时客服写的 {number}")
        time.sleep(1)
    wait_for(agent.is_empty, "the agent's lines", 10)
    missing = len(agent.seen) - len(visitor.seen)
    cut.plug()
    begun = time.monotonic()
    settle(visitor, agent)
    took = time.monotonic() - begun

    assert missing == 5
    assert_whole(visitor, agent)
    assert visitor.texts().count("断网时客户写的") == 1
    assert took < BACK_WITHIN_SECONDS
    for one in (visitor, agent):
        one.close()


def test_a_file_given_to_one_machine_is_read_from_the_other(company):
    first, second = (f"http://{one.address}:{PORT}" for one in company.web)
    site = company.talks[0]["visitor"]["path"].rsplit("/", 1)[1]
    token = call(f"{first}/widget/{site}/session", {})["token"]
    content = os.urandom(300_000)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": FORM,
    }

    body = form_with(content)
    given = json.loads(exchange(f"{first}/widget/{site}/files", body, headers))
    back = exchange(f"{second}{given['url']}", None, {})

    assert back == content
    assert not list(company.web[0].folder.glob("data/files/*"))


DEFER = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('timers', 'shouwen.accounts.jobs.tidy_attempts', '{"timestamp": 0}') RETURNING id
"""
WHO_WAITS = """
    SELECT host(client_addr) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND query LIKE '%%sign_in_attempt%%'
"""
ALIVE = "SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '9 s'"


def test_the_work_of_a_machine_that_vanished_is_taken_over(company):
    database = company.postgres
    with database.connect() as holder:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE sign_in_attempt IN ACCESS EXCLUSIVE MODE")
        [(job,)] = database.rows(DEFER)
        wait_for(lambda: bool(database.rows(WHO_WAITS)), "a worker at the job")
        [(address,)] = database.rows(WHO_WAITS)
        [gone] = [one for one in company.work if one.address == address]
        gone.unplug()
        begun = time.monotonic()
        wait_for(lambda: len({who for (who,) in database.rows(WHO_WAITS)}) == 2, "the other worker")
        took = time.monotonic() - begun
        holder.execute("ROLLBACK")
    query = "SELECT status::text FROM procrastinate_jobs WHERE id = %s"
    wait_for(lambda: database.rows(query, job) == [("succeeded",)], "the job")
    gone.plug()

    assert took < TAKEN_OVER_WITHIN_SECONDS
    wait_for(lambda: len(database.rows(ALIVE)) == len(company.work), "both workers")
