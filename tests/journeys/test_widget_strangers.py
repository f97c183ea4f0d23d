"""Websites that are not the shop's talk to the chat, from every place a page can talk from: nobody listens (V3.5.5)."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shouwen.demo.company import SITE_KEY
from tests.journeys.people import NewContext
from tests.journeys.test_widget import allow, website
from tests.served import Served

pytestmark = pytest.mark.journey
FORGED = (
    {"shouwen": 1, "type": "token", "token": "forged"},
    {"shouwen": 1, "type": "unread", "count": 77},
    {"shouwen": 1, "type": "keep", "key": f"shouwen:{SITE_KEY}:x", "value": "forged"},
    {"shouwen": 1, "type": "hello", "token": "forged", "isOpen": True, "page": {"url": "x"}},
    {"shouwen": 1, "type": "close"},
    {"shouwen": 1, "type": "open"},
)
SAY = "([to, all]) => all.forEach(one => (to === 'parent' ? parent : window.other).postMessage(one, '*'))"
ANYTHING = re.compile("")
KEPT = "() => [document.cookie, JSON.stringify(localStorage)]"


@contextmanager
def stranger(page: str) -> Iterator[str]:
    """A website of somebody else, on an origin of its own, without any policy."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><link rel=icon href=data:,>{page}".encode())

        def log_message(self, *_arguments: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def badge(visit: Page) -> str:
    words: str = visit.locator("button[aria-expanded] b").evaluate("one => one.textContent")
    return words


def test_a_page_of_strangers_is_not_heard_by_the_shop_that_it_opened(
    page: Page, new_context: NewContext, served: Served
):
    with website(served.url) as shop, stranger("evil") as evil:
        allow(page, shop)
        context = new_context()
        visit = context.new_page()
        visit.goto(shop)
        visit.locator("button[aria-expanded]").click()
        visit.frame_locator("iframe").locator("#text").fill("在吗")
        visit.frame_locator("iframe").locator("#text").press("Enter")
        expect(visit.frame_locator("iframe").locator(".is-sending")).to_have_count(0)
        visit.locator("button[aria-expanded]").click()
        known = visit.evaluate(KEPT)
        enemy = context.new_page()
        enemy.goto(evil)
        with context.expect_page() as opened:
            enemy.evaluate(f"() => {{ window.other = window.open('{shop}') }}")
        other = opened.value
        expect(other.locator("button[aria-expanded]")).to_have_count(1)

        enemy.evaluate(SAY, ["other", list(FORGED)])
        other.wait_for_timeout(300)

        assert other.evaluate(KEPT) == known
        assert badge(other) != "77"
        assert other.locator("button[aria-expanded]").get_attribute("aria-expanded") == "false"
        context.close()


def test_a_frame_of_strangers_inside_the_shop_is_not_heard(
    page: Page, new_context: NewContext, served: Served
):
    with stranger("evil") as evil:
        script = f'<script src="{served.url}/widget/{SITE_KEY}.js" async></script>'
        with stranger(f"{script}<iframe src='{evil}'></iframe>") as shop:
            allow(page, shop)
            context = new_context()
            visit = context.new_page()
            visit.goto(shop)
            expect(visit.locator("button[aria-expanded]")).to_have_count(1)
            known = visit.evaluate(KEPT)
            enemy = next(one for one in visit.frames if one.url.startswith(evil))

            enemy.evaluate(SAY, ["parent", list(FORGED)])
            visit.wait_for_timeout(300)

            assert visit.evaluate(KEPT) == known
            assert badge(visit) != "77"
            assert visit.locator("button[aria-expanded]").get_attribute("aria-expanded") == "false"
            context.close()


def test_the_chat_cannot_be_framed_by_strangers(
    new_context: NewContext, served: Served, expect_console: list[Any]
):
    expect_console.append(ANYTHING)
    with stranger(f"<iframe src='{served.url}/widget/{SITE_KEY}/'></iframe>") as evil:
        visit = new_context().new_page()
        visit.goto(evil)
        visit.wait_for_timeout(500)

        assert [one.url for one in visit.frames[1:]] == ["chrome-error://chromewebdata/"]
