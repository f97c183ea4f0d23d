"""Hostile words in every field, and screens that draw them live, in a real Chromium with the security policy off (V1.2.1, S3)."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.architecture.layout import ROOT
from tests.attack.plant import PAYLOAD, SHORT
from tests.served import Served, new_served

pytestmark = pytest.mark.journey
COOKIE = "shouwen"
PLANT = "from tests.attack.plant import plant; plant()"
SLOW = 20_000
# In the page after its scripts ran: what a click would run, and attributes that came from a text.
LEFT = """() => [...document.querySelectorAll('*')].flatMap(one => [...one.attributes]
    .filter(a => /^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value) || /xss\\(\\)/.test(a.value) && /^(x-|@|:|hx-on|hx-vals)/.test(a.name))
    .map(a => `${one.tagName} ${a.name}=${a.value}`))"""


@dataclass
class Planted:
    """A served product full of hostile words."""

    served: Served
    things: dict[str, dict[str, Any]]
    cookies: dict[str, dict[str, str]]
    columns: int


@dataclass
class Watch:
    """What ran, and where."""

    ran: list[str] = field(default_factory=list)
    at: str = ""

    def note(self, *words: object) -> None:
        """Something ran."""
        self.ran.append(f"{self.at}: ran {words}")


@pytest.fixture(scope="module")
def planted() -> Iterator[Planted]:
    with new_served(demo=False) as served:
        done = subprocess.run(
            [sys.executable, "-m", "shouwen.config.cli", "shell", "-c", PLANT],
            cwd=ROOT,
            env=served.whole_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield Planted(served, **json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture
def watch() -> Watch:
    return Watch()


def window(browser: Browser, planted: Planted, watch: Watch, role: str = "") -> Page:
    """A window without the security policy, in which `xss()` is heard of; a person's, or a stranger's."""
    context: BrowserContext = browser.new_context(bypass_csp=True, locale="zh-CN")
    context.set_default_timeout(SLOW)
    context.expose_function("xss", watch.note)
    if role:
        key = planted.cookies["north"][role]
        context.add_cookies([{"name": COOKIE, "value": key, "url": planted.served.url}])
    page = context.new_page()
    page.on("dialog", lambda dialog: (watch.note(dialog.type), dialog.dismiss()))
    return page


def test_the_watch_notices(browser: Browser, planted: Planted, watch: Watch):
    page = window(browser, planted, watch)
    page.goto(f"{planted.served.url}/sign-in/")
    page.evaluate("html => { document.body.innerHTML = html }", SHORT)
    page.wait_for_timeout(200)

    assert watch.ran
    page.context.close()


def post(url: str, body: dict[str, Any], token: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    asked = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=20):
        pass


def test_nothing_runs_that_scripts_draw_live(browser: Browser, planted: Planted, watch: Watch):
    """Lines that come over sockets, names, file names, typing marks, on both sides' screens."""
    north, base = planted.things["north"], planted.served.url
    site, token = north["site_key"], north["visitor_token"]
    widget = f"{base}/widget/{site}"
    visit = window(browser, planted, watch)
    visit.add_init_script(f"localStorage.setItem('shouwen:{site}:token', '{token}')")
    visit.goto(f"{widget}/")
    desk = window(browser, planted, watch, "agent")
    desk.goto(f"{base}/workspace/{north['waiting_id']}")

    words = f"{PAYLOAD} {uuid4()}"
    watch.at = "a visitor's line"
    post(f"{widget}/lines", {"client_id": str(uuid4()), "text": words, "files": []}, token)
    expect(desk.locator(".ws-lines .line .words").last).to_have_text(words)
    expect(visit.locator("#rows .words").last).to_have_text(words)
    for page in (visit, desk):
        page.wait_for_timeout(300)
        watch.ran += page.evaluate(LEFT)
        page.context.close()

    assert watch.ran == []
