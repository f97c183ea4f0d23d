"""The browser of the journeys: any console error, refused script or call to elsewhere fails the test."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.architecture.layout import ROOT
from tests.served import Served, new_served
from tools.chromium import HOW_TO_GET_ONE, find_chromium

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ACCESSIBILITY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK = {"width": 1440, "height": 900}
# A form that refuses answers 422, which the browser reports although the page shows it.
EXPECTED = [re.compile(r"status of 422")]


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The product with its demo company, shared by all journeys: add to it, change only your own."""
    with new_served(MAILROOM_ALLOW_PRIVATE="1") as served:
        yield served


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    """Pages are opened by their path."""
    return served.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine."""
    program = find_chromium()
    if program is None:
        pytest.fail(HOW_TO_GET_ONE, pytrace=False)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "executable_path": program, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Chinese office's computer."""
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }


@pytest.fixture
def expect_console() -> list[re.Pattern[str]]:
    """Append patterns of console errors that a story causes on purpose."""
    return list(EXPECTED)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], expect_console: list[re.Pattern[str]]
) -> Iterator[Callable[..., BrowserContext]]:
    """One more browser window with cookies of its own; give `**people.PHONE` for a visitor's phone."""
    faults: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_error(error: WebError) -> None:
        faults.append(f"script: {error.error}")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            faults.append(f"calls elsewhere: {request.url}")

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**{"viewport": DESK} | options)
        context.set_default_timeout(10_000)
        context.on("console", on_console)
        context.on("weberror", on_error)
        context.on("request", on_request)
        return context

    yield watched
    unexpected = [one for one in faults if not any(word.search(one) for word in expect_console)]
    assert unexpected == []


@pytest.fixture
def check_accessibility() -> Callable[[Page], None]:
    """Fails with the places on a page that WCAG 2.2 AA would not accept."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})",
            ACCESSIBILITY,
        )
        faults = [
            f"{page.url} {one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
        assert faults == []

    return check
