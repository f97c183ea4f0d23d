"""The visitor's chat: on another website, through a broken network, behind a proxy without sockets."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, WebSocketRoute, expect

from shouwen.demo.company import PASSWORD, SITE_KEY
from tests.fakes.network import network_to
from tests.served import Served

pytestmark = pytest.mark.journey
NewContext = Callable[..., BrowserContext]
PHONE = {"width": 390, "height": 844}
NETWORK_ERRORS = re.compile(r"ERR_|WebSocket connection")


@contextmanager
def website(service: str) -> Iterator[str]:
    """Somebody's website with a strict policy that carries our one line, twice by mistake."""
    policy = f"default-src 'none'; script-src {service}; frame-src {service}"
    tag = f'<script src="{service}/widget/{SITE_KEY}.js" async></script>'
    page = (
        f"<!doctype html><title>A shop</title><link rel=icon href=data:,><h1>A shop</h1>{tag}{tag}"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", f"{policy}; img-src data:")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_arguments: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def allow(page: Page, origin: str) -> None:
    """The administrator lets a website show the chat."""
    page.goto("/sign-in/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.goto("/settings/widgets/")
    page.locator("main a[href*='/settings/widgets/']:not([href$=new])").first.click()
    page.fill("[name=allowed_origins]", origin)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def phone(new_context: NewContext) -> Page:
    page = new_context().new_page()
    page.set_viewport_size(PHONE)
    return page


def write(chat: Page | Frame, text: str) -> None:
    chat.fill("#text", text)
    chat.press("#text", "Enter")


def own_lines(chat: Page | Frame) -> list[str]:
    return chat.locator("#rows .own .words").all_inner_texts()


def test_one_tag_on_a_strict_website_and_strangers_are_not_heard(
    page: Page, new_context: NewContext, served: Served
):
    with website(served.url) as shop:
        allow(page, shop)
        visit = new_context().new_page()
        visit.goto(shop)
        expect(visit.locator("button[aria-expanded]")).to_have_count(1)

        visit.locator("button[aria-expanded]").click()
        chat = visit.frame_locator("iframe")
        chat.locator("#text").fill("月卡停车还有位置吗")
        chat.locator("#text").press("Enter")
        expect(chat.locator("#rows .own .words")).to_have_text("月卡停车还有位置吗")
        expect(chat.locator(".is-sending")).to_have_count(0)

        [key] = [one for one in visit.context.cookies() if one["name"].startswith("shouwen_")]
        assert key["sameSite"] == "Lax"
        forged = "{shouwen: 1, type: 'token', token: 'forged'}"
        visit.evaluate(f"window.postMessage({forged}, '*')")
        hello = "{shouwen: 1, type: 'hello', token: 'forged', isOpen: true}"
        visit.evaluate(
            "() => { const stranger = document.createElement('iframe');"
            " stranger.src = 'about:blank'; document.body.append(stranger);"
            f" stranger.contentWindow.parent.postMessage({forged}, '*');"
            " const own = document.querySelector('div[id^=shouwen]').shadowRoot"
            f".querySelector('iframe').contentWindow; own.postMessage({hello}, '*'); }}"
        )
        visit.reload()
        visit.locator("button[aria-expanded]").click()

        expect(chat.locator("#rows .own .words")).to_have_text("月卡停车还有位置吗")
        assert key["value"] in [one["value"] for one in visit.context.cookies()]


@pytest.mark.parametrize("is_socket_blocked", [False, True])
def test_a_broken_network_neither_loses_nor_doubles_a_line(
    new_context: NewContext,
    served: Served,
    expect_console: list[re.Pattern[str]],
    is_socket_blocked: bool,
):
    expect_console.append(NETWORK_ERRORS)
    with network_to(served.port) as network:
        visit = phone(new_context)
        if is_socket_blocked:
            visit.route_web_socket("**/ws/**", refuse_socket)
        visit.goto(f"http://127.0.0.1:{network.port}/widget/{SITE_KEY}/")
        write(visit, "第一句")
        expect(visit.locator(".is-sending")).to_have_count(0)

        network.cut()
        write(visit, "断网时写的")
        expect(visit.locator("#bar")).to_be_visible()
        network.mend()
        expect(visit.locator(".is-sending")).to_have_count(0, timeout=3000)

        network.swallow()
        write(visit, "石沉大海时写的")
        visit.wait_for_timeout(9000)
        network.mend()
        expect(visit.locator(".is-sending")).to_have_count(0, timeout=3000)

        network.cut()
        write(visit, "写完就刷新")
        network.mend()
        visit.reload()
        expect(visit.locator("#rows .own .words")).to_have_count(4)
        expect(visit.locator(".is-sending")).to_have_count(0)
        assert own_lines(visit) == ["第一句", "断网时写的", "石沉大海时写的", "写完就刷新"]


def refuse_socket(socket: WebSocketRoute) -> None:
    """A proxy that lets no socket through."""
    socket.close()


def test_the_chat_can_be_used_by_all(
    new_context: NewContext, served: Served, check_accessibility: Callable[[Page], None]
):
    visit = phone(new_context)
    visit.goto(f"{served.url}/widget/{SITE_KEY}/")
    write(visit, "请问发票怎么开")
    expect(visit.locator(".is-sending")).to_have_count(0)

    check_accessibility(visit)
    visit.goto(f"{served.url}/widget-demo/{SITE_KEY}")
    check_accessibility(visit)
