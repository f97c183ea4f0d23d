"""Garbage in every parameter, field and body breaks nothing and shows nothing (ASVS V13.4.2, V16.5.1, V1.2.4, V1.3.7)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.layout import ROOT
from tests.attack.addresses import Address, pages
from tests.attack.browser import Browser, text_of
from tests.attack.rules import WORDS
from tests.attack.watching import watched_and_undone
from tests.attack.world import World, make_world

pytestmark = pytest.mark.django_db
NASTY = (
    "²",
    "9" * 40,
    "-1",
    "a\x00b",
    "' OR 1=1; DROP TABLE staff--",
    "{{7*7}}{% load static %}{{settings.SECRET_KEY}}",
    "2026-13-45T99:99",
    "\u202e;$(id)`id`\r\nX-Injected: 1",
    "WzEsMl0=",
)
BODIES: tuple[Any, ...] = (
    None,
    [],
    {"a": {"b": []}},
    10**40,
    -1,
    "²",
    "a\x00b",
    True,
    "x" * 70_000,
)
READ = re.compile(r"""GET(?:\.get\(|\.getlist\(|\[)\s*["'](\w+)["']""")
FIELD = re.compile(r'<(?:input|select|textarea)[^>]*?\bname="([^"]+)"')
# What the JSON bodies of pages and visitors hold.
KEYS = (
    "client_id", "text", "files", "kind", "mentions", "seen", "seq", "name", "phone", "mail", "token",
    "page_url", "page_title",
)  # fmt: skip
INSIDE = ("Traceback", "django.", "psycopg", 'File "', 'SELECT "', "only-for-tests")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def admin(world) -> Browser:
    browser = Browser()
    browser.force_login(world.sides["north"].staff["administrator"])
    return browser


def asked_names() -> list[str]:
    """Every parameter that some page reads from its address."""
    return sorted(
        {
            name
            for path in Path(ROOT / "shouwen").rglob("*.py")
            if "tests" not in path.parts
            for name in READ.findall(path.read_text(encoding="utf-8"))
        }
    )


def check(name: str, answer: Any) -> str:
    """The answer is none that something broke gave, and tells nothing of the inside."""
    text = text_of(answer)
    assert answer.status_code < 500, name
    assert "X-Injected" not in answer.headers, name
    assert not [word for word in INSIDE if word in text], name
    return text


def path_of(address: Address, world: World) -> str:
    north = world.sides["north"].things
    return address.path(WORDS | north | {"token": north["file_token"]})


def readable(world: World) -> list[tuple[Address, str]]:
    """Pages that are read, with their addresses."""
    return [(one, path_of(one, world)) for one in pages() if one.method == "GET"]


def dealt(names: list[str], turn: int) -> dict[str, str]:
    """Each name with something nasty, another one each turn."""
    return {name: NASTY[(place + turn) % len(NASTY)] for place, name in enumerate(names)}


@pytest.mark.parametrize("turn", range(3))
def test_no_parameter_of_a_page_breaks_it(world, admin, turn):
    names = asked_names()
    assert len(names) > 10
    for place, (address, path) in enumerate(readable(world)):
        given = dealt(names, place + turn)
        with watched_and_undone():
            text = check(f"{path} {given}", admin.get(path, given))
        assert "49{" not in text, address


@pytest.mark.parametrize("turn", range(2))
def test_no_field_of_a_form_breaks_its_page(world, admin, turn):
    for place, (_address, path) in enumerate(readable(world)):
        with watched_and_undone():
            shown = admin.get(path)
            names = sorted(set(FIELD.findall(text_of(shown))) - {"csrfmiddlewaretoken"})
            if names and shown.status_code == 200:
                given = dealt(names, place + turn * 4)
                check(f"{path} {given}", admin.post(path, given))


@pytest.mark.parametrize("content", ["{", "[]", "null", '"', "\x00", "[" * 5000, '{"a": 1e999}'])
def test_no_body_breaks_a_page(world, admin, content):
    for address in json_pages():
        with watched_and_undone():
            answer = _post(admin, address, world, content)
        check(f"{address} {content[:20]!r}", answer)


@pytest.mark.parametrize("value", BODIES, ids=lambda one: repr(one)[:12])
def test_no_value_in_a_body_breaks_a_page(world, admin, value):
    for address in json_pages():
        for content in [dict.fromkeys(KEYS, value), {"client_id": UUID, "text": value}]:
            with watched_and_undone():
                answer = _post(admin, address, world, json.dumps(content))
            check(f"{address} {content!r}"[:200], answer)


UUID = "6c1d1d0e-8a63-4f0c-8f3c-000000000001"


def json_pages() -> list[Address]:
    """Pages that take JSON: the visitor's, and lines of the workspace."""
    return [
        one
        for one in pages()
        if one.method == "POST"
        and (".views.visitor." in one.name or one.name.endswith("views.lines.lines"))
    ]


def _post(browser: Browser, address: Address, world: World, content: str) -> Any:
    token = world.sides["north"].secrets["visitor_token"]
    headers = {"Authorization": f"Bearer {token}"}
    path = path_of(address, world)
    return browser.post(path, content, content_type="application/json", headers=headers)
