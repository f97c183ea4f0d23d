"""The matrix of sockets: every event there is, by every role, on conversations of both departments (V8.2.1-3, V8.3.1)."""

import ast
import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shouwen.accounts.models import Role
from shouwen.conversations.consumers import staff, visitor
from shouwen.conversations.models import Line
from shouwen.conversations.tests.socket_driver import STAFF, Closed, away, signed_in
from tests.attack.results import write_part
from tests.attack.rules import holds
from tests.attack.world import ACTORS, SIDES, Actor, World, make_world

# What a browser may say on the staff socket, each aimed at one conversation.
STAFF_EVENTS = {
    "follow": {"after": 0},
    "typing": {},
    "read": {"seq": 1},
    "send": {"text": "闯入"},
    "unfollow": {},
    "ping": {},
}
VISITOR_EVENTS = {
    "hello": {"after": 0},
    "send": {"text": "闯入"},
    "typing": {},
    "read": {"seq": 1},
    "ping": {},
}
SETTLE_SECONDS = 1.5


def events_of(module: Any) -> set[str]:
    """The names of events a consumer compares a frame's type with."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    return {
        right.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and _is_type(node.left)
        for right in node.comparators
        if isinstance(right, ast.Constant) and isinstance(right.value, str)
    }


def _is_type(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "kind") or (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value == "type"
    )


@pytest.mark.django_db
def test_every_event_of_a_socket_is_tried():
    assert events_of(staff) == set(STAFF_EVENTS)
    assert events_of(visitor) == set(VISITOR_EVENTS)


def may_see(actor: Actor, side: str) -> bool:
    """Whether this actor may read what the agent of `side` serves."""
    if not holds(actor, "conversations.serve"):
        return False
    if actor.reach == Role.Reach.ALL or (actor.role, actor.side) == ("agent", side):
        return True
    return actor.reach == Role.Reach.DEPARTMENT and actor.side == side


@dataclass
class Seat:
    """One actor at his socket."""

    actor: Actor
    socket: Any
    sent: dict[str, str]

    def frames(self) -> list[dict[str, Any]]:
        """All that came, without waiting."""
        found = []
        while not self.socket._from_server.empty():
            found.append(self.socket._from_server.get_nowait())
        return found


async def take_seat(connect: Any, actor: Actor, world: World) -> Seat | None:
    """A socket as this actor; None if it closes at once."""
    person = world.person(actor)
    cookies = await away(signed_in, person) if person else {}
    socket = await connect(STAFF, cookies=cookies)
    if not actor.is_staff:
        assert await socket.closed() == 4401, actor
        return None
    return Seat(actor, socket, {side: str(uuid4()) for side in SIDES})


def say_everything(seat: Seat, world: World) -> int:
    """Every event on a conversation of either side; how many."""
    for side in SIDES:
        pk = world.sides[side].things["conversation_id"]
        for kind, more in STAFF_EVENTS.items():
            frame = {"type": kind, "conversation": pk, **more}
            if kind == "send":
                frame["client_id"] = seat.sent[side]
            seat.socket.send(frame)
    return len(SIDES) * len(STAFF_EVENTS)


def leaks_of(seat: Seat, world: World, text: str) -> list[str]:
    """What this actor got or did that he may not."""
    found = []
    for side in SIDES:
        if may_see(seat.actor, side):
            continue
        pk = world.sides[side].things["conversation_id"]
        if f'"conversation":{pk},' in text or f"conversation:{pk}" in text:
            found.append(f"{seat.actor}: frames of {side}")
        if ("北密" if side == "north" else "南密") in text:
            found.append(f"{seat.actor}: words of {side}")
        if Line.objects.filter(client_id=seat.sent[side]).exists():
            found.append(f"{seat.actor}: wrote into {side}")
    return found


def test_no_event_gets_beyond_role_and_department(go, committed):
    world = make_world()
    tally: dict[str, Any] = {"cells": 0, "leaks": []}

    async def scenario(connect: Any) -> None:
        seats = [await take_seat(connect, actor, world) for actor in ACTORS]
        for seat in filter(None, seats):
            tally["cells"] += say_everything(seat, world)
        await asyncio.sleep(SETTLE_SECONDS)
        for seat in filter(None, seats):
            text = "".join(str(one.get("text", "")) for one in seat.frames())
            assert text.count('"pong"') == len(SIDES), seat.actor
            tally["leaks"] += await away(leaks_of, seat, world, text)

    go(scenario)
    write_part("matrix", "sockets", {"cells": tally["cells"], "leaks": len(tally["leaks"])})
    assert tally["leaks"] == []


def test_who_may_see_hears(go, committed):
    """The refusals above prove something: the same words give the agent everything."""
    world = make_world()
    pk = world.sides["north"].things["conversation_id"]

    async def scenario(connect: Any) -> None:
        seat = await take_seat(connect, Actor("agent", "north"), world)
        assert seat is not None
        seat.socket.send({"type": "follow", "conversation": pk, "after": 0})
        frames = await seat.socket.until(lambda one: one["type"] == "lines")
        assert "北密来信" in str(frames)

    go(scenario)


@pytest.mark.parametrize("path_of", ["north", "south"])
@pytest.mark.parametrize("token_of", ["north", "south"])
def test_a_visitor_is_known_on_his_own_site_only(go, committed, path_of, token_of):
    world = make_world()
    key = world.sides[path_of].things["site_key"]

    async def scenario(connect: Any) -> None:
        socket = await connect(f"/ws/widget/{key}")
        for kind, more in VISITOR_EVENTS.items():
            token = world.sides[token_of].secrets["visitor_token"]
            socket.send({"type": kind, "token": token, "client_id": str(uuid4()), **more})
        if path_of != token_of:
            assert await socket.closed() == 4401
            return
        frames = await socket.until(lambda one: "等候" in str(one))
        assert "便签" not in str(frames)

    go(scenario)


@pytest.mark.parametrize("path", [STAFF, "/ws/widget/north0000", "/ws/other"])
@pytest.mark.parametrize(
    "origin",
    [
        None, "null", "", "https://evil.example", "http://desk.example.evil.example",
        "http://evildesk.example", "http://desk.example:81", "http://desk.example@evil.example",
        "http://evil.example/desk.example", "file://", "chrome-extension://desk.example",
        "http://desk.example, http://evil.example",
    ],
)  # fmt: skip
def test_twelve_origins_open_no_socket(go, committed, path, origin):
    """V4.4.2."""

    async def scenario(connect: Any) -> None:
        with pytest.raises(Closed):
            await connect(path, origin=origin)

    go(scenario)
