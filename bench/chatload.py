"""The load generator of `bench.chat`, a process of its own: a task as JSON on stdin, the outcome on stdout."""

import asyncio
import itertools
import json
import sys
import time
from typing import Any
from uuid import uuid4

import orjson
import uvloop

from bench.chatwire import Wire, connect

Json = dict[str, Any]
OPEN_AT_ONCE = 50
SETTLES_WITHIN_SECONDS = 15.0
NEVER = float("inf")


class Tally:
    """What was sent, what came of it, and what was wrong with it."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = itertools.cycle(sentences)
        self.is_over = False
        self.sent = self.refused = 0
        self.finished: list[tuple[float, float]] = []
        self.wrongs: list[str] = []

    def wrong(self, words: str) -> None:
        """Something that must not happen has happened."""
        if len(self.wrongs) < 20:
            self.wrongs.append(words)


class Side:
    """A talker: says a line, and the next when that one is acknowledged and seen by both sides."""

    def __init__(self, name: str, task: Json, tally: Tally) -> None:
        self.name = name
        self.task = task
        self.tally = tally
        self.other: Side = self
        self.wire: Wire | None = None
        self.seq = 0
        self.is_greeted = asyncio.get_running_loop().create_future()
        # Of the line under way: its id, when it was sent, when the other side saw it.
        self.client_id = ""
        self.begun = self.shown_there = 0.0
        self.is_acked = self.is_shown_here = False
        self.done: set[str] = set()

    async def arrive(self, port: int) -> None:
        """On line, with the first frame received."""
        task = self.task
        self.wire = await connect(port, task["path"], self.hear, cookie=task.get("cookie", ""))
        self.wire.say(orjson.dumps(task["hello"]))
        await self.is_greeted

    def say_next(self) -> None:
        """The next line is on its way."""
        if self.tally.is_over:
            return
        self.client_id = str(uuid4())
        self.is_acked = self.is_shown_here = False
        self.shown_there = 0.0
        frame = {"type": "send", "client_id": self.client_id, "text": next(self.tally.sentences)}
        if "conversation" in self.task:
            frame["conversation"] = self.task["conversation"]
        self.tally.sent += 1
        self.begun = time.perf_counter()
        self.wire.say(orjson.dumps(frame))

    def hear(self, frame: Json) -> None:
        """A frame of the server."""
        kind = frame["type"]
        if kind == "lines":
            for line in frame["lines"]:
                self._see(line)
            if not self.is_greeted.done():
                self.is_greeted.set_result(None)
        elif kind == "ack":
            if frame["client_id"] != self.client_id or self.is_acked:
                self.tally.wrong(f"{self.name}: an acknowledgement nobody waits for")
            self.is_acked = True
            self._look()
        elif kind == "refused":
            # Shoppers say what agents must not (服务忌语): the agent says something else.
            self.tally.sent -= 1
            self.tally.refused += 1
            self.client_id = ""
            self.say_next()

    def _see(self, line: Json) -> None:
        if line["seq"] != self.seq + 1:
            self.tally.wrong(f"{self.name}: line {line['seq']} after line {self.seq}")
        self.seq = line["seq"]
        client_id = line["client_id"]
        if client_id in self.done:
            self.tally.wrong(f"{self.name}: line {line['seq']} came twice")
        self.done.add(client_id)
        if client_id == self.client_id:
            self.is_shown_here = True
            self._look()
        elif client_id == self.other.client_id:
            self.other.shown_there = time.perf_counter()
            self.other._look()

    def _look(self) -> None:
        if self.is_acked and self.is_shown_here and self.shown_there and self.client_id:
            self.tally.finished.append((self.shown_there, self.shown_there - self.begun))
            self.client_id = ""
            self.say_next()

    @property
    def is_waiting(self) -> bool:
        return bool(self.client_id)


async def talk(task: Json) -> Json:
    """Both sides of every conversation talk for a while; each line is followed to both screens."""
    tally = Tally(task["sentences"])
    sides: list[Side] = []
    for number, pair in enumerate(task["talks"]):
        both = [Side(f"{one} {number}", pair[one], tally) for one in ("visitor", "agent")]
        both[0].other, both[1].other = both[1], both[0]
        sides += both
    for some in _some(sides):
        await asyncio.gather(*[side.arrive(task["port"]) for side in some])
    for side in sides:
        side.say_next()
    await asyncio.sleep(task["warm_s"])
    begun = time.perf_counter()
    await asyncio.sleep(task["seconds"])
    ended = time.perf_counter()
    tally.is_over = True
    deadline = ended + SETTLES_WITHIN_SECONDS
    while any(side.is_waiting for side in sides) and time.perf_counter() < deadline:
        await asyncio.sleep(0.05)
    for side in sides:
        if side.is_waiting:
            tally.wrong(f"{side.name}: a line never arrived on both screens")
        if side.seq != side.other.seq:
            tally.wrong(f"{side.name}: saw {side.seq} lines, the other side {side.other.seq}")
    took = sorted(spent for at, spent in tally.finished if begun <= at <= ended)
    return {
        "messages_per_s": len(took) / (ended - begun),
        "p50_ms": _quantile(took, 0.50),
        "p95_ms": _quantile(took, 0.95),
        "p99_ms": _quantile(took, 0.99),
        "max_ms": _quantile(took, 1.0),
        "sent": tally.sent,
        "finished": len(tally.finished),
        "refused": tally.refused,
        "wrongs": tally.wrongs,
    }


def _some(sides: list[Any]) -> list[list[Any]]:
    return [sides[at : at + OPEN_AT_ONCE] for at in range(0, len(sides), OPEN_AT_ONCE)]


def _quantile(ordered: list[float], part: float) -> float:
    if not ordered:
        return NEVER
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class Caller:
    """Says something and waits until it comes back."""

    def __init__(self, sentences: "itertools.cycle[str]") -> None:
        self.sentences = sentences
        self.times = 0
        self.wire: Wire | None = None

    def say(self) -> None:
        """Once."""
        frame = {"type": "send", "client_id": str(uuid4()), "text": next(self.sentences)}
        self.wire.say(orjson.dumps(frame))

    def hear(self, _frame: Json) -> None:
        """Once more."""
        self.times += 1
        self.say()


async def echo(task: Json) -> Json:
    """How many lines a second come back from a server that does nothing else."""
    sentences = itertools.cycle(task["sentences"])
    callers = [Caller(sentences) for _number in range(task["talkers"])]
    for some in _some(callers):
        wires = await asyncio.gather(*[connect(task["port"], "/", one.hear) for one in some])
        for one, wire in zip(some, wires, strict=True):
            one.wire = wire
    for one in callers:
        one.say()
    await asyncio.sleep(task["warm_s"])
    before, begun = sum(one.times for one in callers), time.perf_counter()
    await asyncio.sleep(task["seconds"])
    after, ended = sum(one.times for one in callers), time.perf_counter()
    return {"echo_per_s": (after - before) / (ended - begun)}


async def idle(task: Json) -> Json:
    """Visitors open the chat and do nothing until stdin ends; "there" is said when all are."""

    async def arrive(one: Json) -> Wire:
        greeted = asyncio.get_running_loop().create_future()

        def hear(_frame: Json) -> None:
            if not greeted.done():
                greeted.set_result(None)

        wire = await connect(task["port"], one["path"], hear)
        wire.say(orjson.dumps(one["hello"]))
        await greeted
        return wire

    wires: list[Wire] = []
    begun = time.perf_counter()
    for some in _some(task["visitors"]):
        wires += await asyncio.gather(*[arrive(one) for one in some])
    seconds = time.perf_counter() - begun
    sys.stdout.write("there\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    still = sum(not wire.transport.is_closing() for wire in wires)
    return {"visitors": len(wires), "arrived_in_s": seconds, "still_there": still}


def main() -> None:
    """Do the task and say what came of it."""
    task = json.loads(sys.stdin.readline())
    work = {"talk": talk, "echo": echo, "idle": idle}[task["mode"]]
    print(json.dumps(uvloop.run(work(task))))


if __name__ == "__main__":
    main()
