"""The message path: lines a second acknowledged and on both screens, beside what the machine could do.

Real sockets against `shouwen up` with its defaults; only the limits on how fast a stranger may write
are raised. In the same run: the plain way, the raw echo of the same server, raw one-row inserts.
"""

import argparse
import contextlib
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from shouwen.core.database import DATABASE_NAME, embedded_url
from tests.architecture.layout import ROOT
from tests.served import OF_THE_TESTS, Served, free_port, new_served
from tools.shoppers import reviews

Json = dict[str, Any]
TALKS = 100
IDLE = 5000
SETTLE_SECONDS = 5.0
NO_LIMITS = {"VISITOR_LINES_A_MINUTE": "1000000", "VISITORS_AN_HOUR": "1000000"}
SERVER = ["--http", "httptools", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
SERVER += ["--no-access-log", "--log-level", "warning", "--no-server-header"]


def sentences() -> list[str]:
    """What shoppers wrote, as long as people type in a chat."""
    return [one for one in reviews() if 4 <= len(one) <= 120]


def environment(**more: str) -> dict[str, str]:
    """Of a process beside the product's."""
    kept = {name: os.environ[name] for name in os.environ.keys() - OF_THE_TESTS}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def load(task: Json) -> Json:
    """The load generator's outcome."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.chatload"],
        cwd=ROOT,
        env=environment(),
        input=json.dumps(task) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-4000:])
    outcome: Json = json.loads(done.stdout.splitlines()[-1])
    return outcome


def memory_mb(served: Served) -> float:
    """PSS of every process of the product, PostgreSQL's with it."""
    return sum(one.memory_full_info().pss for one in served.processes()) / 2**20


def idle_memory(served: Served, visitors: list[Json]) -> Json:
    """What `visitors` who have the chat open cost, over the server as it was."""
    time.sleep(SETTLE_SECONDS)
    before = memory_mb(served)
    with subprocess.Popen(
        [sys.executable, "-m", "bench.chatload"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as crowd:
        task = {"mode": "idle", "port": served.port, "visitors": visitors}
        crowd.stdin.write(json.dumps(task) + "\n")
        crowd.stdin.flush()
        if crowd.stdout.readline().strip() != "there":
            raise SystemExit("the idle visitors did not get in")
        time.sleep(SETTLE_SECONDS)
        during = memory_mb(served)
        crowd.stdin.write("\n")
        crowd.stdin.flush()
        outcome: Json = json.loads(crowd.stdout.readline())
    return outcome | {"before_mb": before, "during_mb": during, "idle_mb": during - before}


@contextlib.contextmanager
def uvicorn(application: str, **more: str) -> Iterator[int]:
    """Another application on the same server stack; its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), *SERVER]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(**more))
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def plain_way(served: Served, texts: list[str], seconds: float) -> Json:
    """Channels with the ORM, on the same PostgreSQL, in a database of its own."""
    url = embedded_url(served.data_dir)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE plain TEMPLATE template0")
    own = {"DATABASE_URL": url.removesuffix(DATABASE_NAME) + "plain"}
    command = [sys.executable, "-m", "bench.plain.prepare", str(TALKS)]
    made = subprocess.run(
        command, cwd=ROOT, env=environment(**own), capture_output=True, check=True
    )
    talks = [
        {
            side: {"path": f"/ws/plain/{pk}/{side}", "hello": {"type": "hello"}}
            for side in ("visitor", "agent")
        }
        for pk in json.loads(made.stdout)
    ]
    with uvicorn("bench.plain.asgi:application", **own) as port:
        return load(
            {
                "mode": "talk",
                "port": port,
                "talks": talks,
                "sentences": texts,
                "warm_s": 2,
                "seconds": seconds,
            }
        )


def raw_echo(texts: list[str], seconds: float) -> float:
    """Lines a second that the server stack alone takes and gives back, with as many talkers."""
    with uvicorn("bench.plain.echo:application") as port:
        task = {"mode": "echo", "port": port, "talkers": 2 * TALKS, "sentences": texts}
        return float(load(task | {"warm_s": 1, "seconds": seconds})["echo_per_s"])


def raw_inserts(served: Served, texts: list[str], seconds: float) -> float:
    """Rows a second that one connection inserts, a commit each."""
    with psycopg.connect(embedded_url(served.data_dir), autocommit=True) as connection:
        connection.execute("CREATE TABLE raw_line (id bigserial PRIMARY KEY, talk int, text text)")
        done, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            row = [done % TALKS, texts[done % len(texts)]]
            connection.execute("INSERT INTO raw_line (talk, text) VALUES (%s, %s)", row)
            done += 1
        return done / (time.perf_counter() - begun)


def durability(served: Served) -> str:
    """The settings that make an acknowledgement worth something, as the server says them."""
    with psycopg.connect(embedded_url(served.data_dir)) as connection:
        names = ("fsync", "synchronous_commit", "full_page_writes")
        shown = [(name, connection.execute(f"SHOW {name}").fetchone()[0]) for name in names]
    return ", ".join(f"{name}={value}" for name, value in shown)


def lines_kept(served: Served) -> int:
    """Lines with a client id in the books."""
    with psycopg.connect(embedded_url(served.data_dir)) as connection:
        asked = "SELECT count(*) FROM conversations_line WHERE client_id IS NOT NULL"
        return int(connection.execute(asked).fetchone()[0])


def cpu_seconds(served: Served) -> dict[str, float]:
    """CPU each kind of process has used so far."""
    spent: dict[str, float] = {}
    names = {one.pid: name for name, one in served.members().items()}
    for one in served.processes():
        with contextlib.suppress(psutil.NoSuchProcess):
            times, parent = one.cpu_times(), one.ppid()
            name = names.get(one.pid) or names.get(parent, "other")
            spent[name] = spent.get(name, 0.0) + times.user + times.system
    return spent


def machine() -> str:
    """Where this was measured."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GB, {system}"


def arguments() -> argparse.Namespace:
    """How long, and what of it; the whole takes about two minutes."""
    parser = argparse.ArgumentParser(prog="make bench NAME=chat")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--idle", type=int, default=IDLE)
    parser.add_argument("--only", action="store_true", help="the product only, no comparison")
    return parser.parse_args()


def measure(served: Served, asked: argparse.Namespace) -> Json:
    """Everything, one after the other."""
    texts = sentences()
    made = subprocess.run(
        [sys.executable, "-m", "bench.chatpeople", str(TALKS), str(asked.idle)],
        cwd=ROOT,
        env=environment(DATA_DIR=str(served.data_dir)),
        stdout=subprocess.PIPE,
        check=True,
    )
    people = json.loads(made.stdout)
    print(f"{len(texts)} sentences; {durability(served)}", flush=True)
    crowd = idle_memory(served, people["visitors"])
    print("idle:", _rounded(crowd), flush=True)
    before, spent = lines_kept(served), cpu_seconds(served)
    talked = load(
        {
            "mode": "talk",
            "port": served.port,
            "talks": people["talks"],
            "sentences": texts,
            "warm_s": 4,
            "seconds": asked.seconds,
        }
    )
    used = {
        name: round(value - spent.get(name, 0.0), 1) for name, value in cpu_seconds(served).items()
    }
    talked["kept"] = lines_kept(served) - before
    print("product:", _rounded(talked), flush=True)
    each = {name: round(1e6 * value / max(1, talked["finished"])) for name, value in used.items()}
    print("CPU seconds of it:", used, "microseconds a message:", each, flush=True)
    if talked["wrongs"] or not talked["kept"] == talked["finished"] == talked["sent"]:
        raise SystemExit("lines were lost, doubled or out of order")
    if talked["refused"] > talked["sent"] / 50:
        raise SystemExit("too many lines were refused: the phrase guard explains a few")
    result = {
        "messages_per_s": round(talked["messages_per_s"]),
        "p50_ms": round(talked["p50_ms"], 1),
        "p99_ms": round(talked["p99_ms"], 1),
        "idle_mb_5000": round(crowd["idle_mb"] * IDLE / max(1, crowd["visitors"]), 1),
    }
    if asked.only:
        return result
    plain = plain_way(served, texts, asked.seconds / 2)
    print("plain way:", _rounded(plain), flush=True)
    return result | {
        "baseline_per_s": round(plain["messages_per_s"]),
        "echo_per_s": round(raw_echo(texts, asked.seconds / 4)),
        "insert_per_s": round(raw_inserts(served, texts, asked.seconds / 4)),
    }


def _rounded(outcome: Json) -> Json:
    return {
        key: round(value, 1) if isinstance(value, float) else value
        for key, value in outcome.items()
    }


def main() -> None:
    """Print what was measured; the last line is RESULT and JSON."""
    asked = arguments()
    print(machine(), flush=True)
    with new_served(demo=False, **NO_LIMITS) as served:
        print("RESULT", json.dumps(measure(served, asked)))


if __name__ == "__main__":
    main()
