"""The words after `shouwen` that the parent understands itself, and the plan they make."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from shouwen.config import environment
from shouwen.config.supervisor import Plan

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Verbs = _SubParsersAction[ArgumentParser]

SERVING = ("up", "web", "worker")


def parser() -> ArgumentParser:
    """`up`, `web`, `worker` and `restart`; what is not said comes from the environment."""
    whole = ArgumentParser("shouwen")
    verbs = whole.add_subparsers(dest="verb", required=True)
    up = _verb(verbs, "up", "Serve web, worker and, unless DATABASE_URL is set, PostgreSQL.")
    up.add_argument("--demo", action="store_true", help="with a believable company in it")
    web = _verb(verbs, "web", "Serve pages, API and sockets only; on as many machines as wanted.")
    worker = _verb(
        verbs, "worker", "Run jobs, timers and mail only; on as many machines as wanted."
    )
    for one in (up, web):
        _add_web(one)
    _number(up, "--worker-processes", "WORKER_PROCESSES", "worker processes")
    _number(worker, "--processes", "WORKER_PROCESSES", "worker processes")
    for one in (up, worker):
        _number(one, "--concurrency", "WORKER_CONCURRENCY", "jobs at once in a worker process")
    for one in (web, worker):
        words = "do not migrate: `shouwen prepare` was run by itself"
        one.add_argument("--no-prepare", action="store_true", help=words)
    again = _verb(verbs, "restart", "Replace the processes that run here, one after the other.")
    again.add_argument("role", nargs="?", default="", choices=["", *SERVING])
    return whole


def plan(given: Namespace) -> Plan:
    """What `shouwen up`, `web` or `worker` is to run."""
    has_web, has_worker = given.verb != "worker", given.verb != "web"
    drain = environment.number("DRAIN_SECONDS")
    return Plan(
        role=given.verb,
        host=given.host if has_web else "",
        port=given.port if has_web else environment.number("PORT"),
        web_processes=given.workers if has_web else 0,
        worker_processes=_workers(given) if has_worker else 0,
        concurrency=given.concurrency if has_worker else 0,
        is_demo=given.verb == "up" and given.demo,
        prepares=given.verb == "up" or not given.no_prepare,
        drain_seconds=drain if has_web else 0,
    )


def _workers(given: Namespace) -> int:
    return int(given.worker_processes if given.verb == "up" else given.processes)


def _verb(verbs: "Verbs", name: str, words: str) -> ArgumentParser:
    return verbs.add_parser(name, help=words, description=words)


def _add_web(one: ArgumentParser) -> None:
    one.add_argument(
        "--host",
        default=environment.text("HOST"),
        help="address to listen on; 0.0.0.0 for all (HOST)",
    )
    _number(one, "--port", "PORT", "port to listen on")
    _number(one, "--workers", "WEB_PROCESSES", "web processes that share the port")


def _number(one: ArgumentParser, option: str, variable: str, words: str) -> None:
    one.add_argument(
        option,
        type=int,
        metavar="N",
        default=environment.text(variable),
        help=f"{words} ({variable})",
    )
