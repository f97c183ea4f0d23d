"""What is said after `shouwen` becomes a plan; what is not said comes from the environment."""

import pytest

from shouwen.config.arguments import parser, plan


def plan_of(*words):
    return plan(parser().parse_args(words))


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("HOST", "PORT", "WEB_PROCESSES", "WORKER_PROCESSES", "WORKER_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)


def test_up_serves_one_of_each_on_this_machine_only():
    one = plan_of("up")

    assert (one.host, one.port) == ("127.0.0.1", 8000)
    assert (one.web_processes, one.worker_processes, one.concurrency) == (1, 1, 4)
    assert not one.is_demo


def test_web_has_no_workers_and_a_worker_no_web():
    web = plan_of("web", "--workers", "3", "--host", "0.0.0.0", "--port", "80")
    worker = plan_of("worker", "--concurrency", "9", "--processes", "2", "--no-prepare")

    assert (web.web_processes, web.worker_processes) == (3, 0)
    assert (web.host, web.port) == ("0.0.0.0", 80)
    assert web.prepares
    assert (worker.web_processes, worker.worker_processes, worker.concurrency) == (0, 2, 9)
    assert not worker.prepares


def test_the_environment_says_what_the_command_line_does_not(monkeypatch):
    monkeypatch.setenv("WEB_PROCESSES", "2")
    monkeypatch.setenv("PORT", "8005")
    monkeypatch.setenv("DRAIN_SECONDS", "10")

    assert plan_of("web").web_processes == 2
    assert plan_of("web", "--workers", "4").web_processes == 4
    assert plan_of("up").port == 8005
    assert plan_of("web").drain_seconds == 10
    assert plan_of("worker").drain_seconds == 0


def test_refuses_what_is_no_number(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "eighty")

    with pytest.raises(SystemExit):
        plan_of("up")
    assert "--port" in capsys.readouterr().err
