"""The matrix: every address, method and thing, tried by every role of two departments (ASVS V8.2.1-3, V8.3.1, V8.4.1).

Addresses come from Django's table and the API's description, so a new one is tried without anyone
remembering. What must come back is told by the permission the view declares and by whose the thing
is (rules.py), and nobody may ever read the other department's secret word.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from shouwen.api.tests.factories import bearer, make_key
from tests.attack.addresses import Address, operations, pages
from tests.attack.bodies import body_for
from tests.attack.browser import Browser, text_of
from tests.attack.results import write_part
from tests.attack.rules import OWNED, WORDS, Owned, expected, is_turned_away, sides_of
from tests.attack.watching import watched_and_undone
from tests.attack.world import ACTORS, ANONYMOUS, Actor, World, make_world

pytestmark = pytest.mark.django_db

# Words that find every kind of thing, none of them secret themselves.
SEARCHES = ("客户", "来信", "附件", "KH-south", "密@south.example")
SEARCH_FIELD = re.compile(r'<input[^>]+name="q"')
TAB = re.compile(r"[?&;](tab=\w+)")
# Rows that looking may leave: the session, that a device was seen, that a key was used or guessed.
TRACES = {"django_session", "sign_in", "api_key_use", "read_log", "pace"}
TRACES_OF = {
    # A secret that waits to be confirmed, shown as a picture; it opens nothing.
    "me/second-factor/": {"second_factor"},
    # Who took private details with him is written down. (D303, D423)
    "staff/<int:staff_id>/card.txt": {"history"},
    "directory/cards.txt": {"history"},
}


@dataclass
class Answer:
    """What came back, and which tables were written meanwhile."""

    status: int
    location: str
    text: str
    written: set[str]


@dataclass
class Tally:
    """What one actor's tries came to."""

    cells: int = 0
    leaks: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    answering: set[Address] = field(default_factory=set)

    def add(
        self, actor: Actor, address: Address, path: str, foreign: frozenset[str], answer: Answer
    ) -> None:
        """One more cell."""
        self.cells += 1
        self.answering.add(address)
        if wrong := judge(actor, address, path, foreign, answer):
            self.leaks.append(wrong)
        elif not is_turned_away(actor, answer.status, answer.location):
            self.reached.add(str(address))


def client_of(actor: Actor, world: World) -> Client:
    """The actor's browser."""
    client = Browser()
    if actor.role != ANONYMOUS:
        person = world.person(actor)
        assert person is not None
        client.force_login(person)
    return client


def values(actor: Actor, world: World, foreign: frozenset[str]) -> dict[str, Any]:
    """What stands in the address: the actor's own side, but for `foreign`."""
    other = "south" if actor.side == "north" else "north"
    own = WORDS | world.sides[actor.side].things
    return own | {name: world.sides[other].things[name] for name in foreign}


def ask(client: Client, address: Address, path: str, headers: dict[str, str]) -> Answer:
    """One try, undone afterwards."""
    with watched_and_undone() as written:
        more = {"headers": headers} if headers else {}
        if address.body:
            content = json.dumps(body_for(address.body))
            response = client.generic(
                address.method, path, content, content_type="application/json", **more
            )
        else:
            response = client.generic(address.method, path, **more)
        text = text_of(response)
    location = response.headers.get("Location", "")
    # A fragment that may be read no more sends its page elsewhere.
    status = 404 if "HX-Redirect" in response.headers else response.status_code
    return Answer(status, location, text, written)


def judge(
    actor: Actor, address: Address, path: str, foreign: frozenset[str], answer: Answer
) -> str:
    """What is wrong with an answer; empty if nothing."""
    must = expected(actor, address, foreign)
    where = f"{actor}: {address.method} {path} -> {answer.status}"
    secret = actor.foreign_secret()
    if answer.status >= 500:
        return f"{where}: breaks"
    if secret and secret in answer.text:
        return f"{where}: shows the other department's {secret}"
    is_refused = is_turned_away(actor, answer.status, answer.location)
    if must.refused and not is_refused and not _is_empty_list(address, answer):
        return f"{where}: must be refused ({must.why})"
    written = answer.written - TRACES - TRACES_OF.get(address.route, set())
    if written and (must.refused or address.method == "GET"):
        return f"{where}: wrote {sorted(written)} ({must.why})"
    return ""


def _is_empty_list(address: Address, answer: Answer) -> bool:
    """A list of the API that this person sees nothing of is as good as a refusal."""
    if not (address.is_api and answer.status == 200 and address.method == "GET"):
        return False
    found = json.loads(answer.text)
    return (found.get("items") if isinstance(found, dict) else found) == []


def try_all(actor: Actor, world: World) -> Tally:
    """Every address by one actor."""
    tally = Tally()
    client, program = client_of(actor, world), Browser()
    headers = bearer(_key_of(actor, world))
    for address in [*pages(), *operations()]:
        for foreign in sides_of(address):
            path = address.path(values(actor, world, foreign))
            browser, more = (program, headers) if address.is_api else (client, {})
            answer = ask(browser, address, path, more)
            if answer.status == 405:
                continue
            tally.add(actor, address, path, foreign, answer)
            for search in searches(address, answer):
                found = ask(browser, address, path + search, more)
                tally.add(actor, address, path + search, foreign, found)
    return tally


def searches(address: Address, answer: Answer) -> list[str]:
    """What may be looked for on a page: words where it has a field for them, and each of its tabs."""
    if address.method != "GET" or answer.status != 200:
        return []
    tabs = [f"?{one}" for one in sorted(set(TAB.findall(answer.text)))]
    if "q" in address.queries or SEARCH_FIELD.search(answer.text):
        return [*tabs, *(f"?q={word}" for word in SEARCHES)]
    return tabs


def _key_of(actor: Actor, world: World) -> str:
    person = world.person(actor)
    return make_key(person) if person else "sw_forged"


@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_nobody_gets_beyond_role_and_department(actor: Actor):
    tally = try_all(actor, make_world())

    write_part("matrix", str(actor), {"cells": tally.cells, "leaks": len(tally.leaks)})
    assert tally.leaks == [], "\n".join(tally.leaks)
    assert tally.cells > 200
    missed = unreached(actor, tally)
    assert missed == [], "\n".join(missed)


def unreached(actor: Actor, tally: Tally) -> list[str]:
    """Addresses that should let this actor in and did not: a refusal proves something only where others pass.

    The administrator reaches what is the company's, the agent what is his own.
    """
    owner = {"administrator": False, "agent": True}.get(actor.role)
    if owner is None:
        return []
    return sorted(
        str(one)
        for one in tally.answering
        if one.access.kind != "open"
        and any(OWNED.get(name) is Owned.PERSON for name in one.parameters) is owner
        and not expected(actor, one, frozenset()).refused
        and str(one) not in tally.reached
    )


def test_every_parameter_of_an_address_is_somebodys():
    unknown = {
        f"{address.route}: {name}"
        for address in [*pages(), *operations()]
        for name in address.parameters
        if name not in OWNED and name not in WORDS
    }

    assert unknown == set(), "say in tests/attack/rules.py whose it is, and make one in world.py"


def test_every_operation_of_the_api_says_which_permission_it_asks_for():
    silent = [str(one) for one in operations() if not one.access.detail]

    assert silent == [], "give it openapi_extra=asks_for(...)"
