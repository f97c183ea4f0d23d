"""Who takes part in the journeys: staff at their desks, visitors on their phones."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Locator, Page, expect

from shouwen.demo.company import PASSWORD, SITE_KEY

NewContext = Callable[..., BrowserContext]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
SLOW = 45_000  # Milliseconds: journeys also run on machines that do much else.


def sign_in(new_context: NewContext, username: str, **options: Any) -> Page:
    """A window of one of the demo's staff, the look before the first contact done."""
    context = new_context(**options)
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/(home|workspace|health)/"))
    if "start-of-day" in page.url:
        for choice in page.get_by_label("正常", exact=True).all():
            choice.check()
        page.get_by_role("button", name="检查完毕").click()
        page.wait_for_url("**/workspace/**")
    return page


def go_online(page: Page) -> None:
    """Customers are given to this person from now on."""
    page.goto("/workspace/")
    foot = page.locator(".ws-list-foot")
    expect(foot).to_be_visible(timeout=SLOW)
    if page.locator("[data-go-online]").count():
        page.locator("[data-go-online]").first.click()
    expect(foot.get_by_text("在线", exact=True)).to_be_visible(timeout=SLOW)


def make_room(new_context: NewContext, name: str) -> None:
    """This person may serve many at once: other journeys' visitors do not fill her hands."""
    page = sign_in(new_context, "admin")
    page.goto("/staff/")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.fill("[name=reception_limit]", "60")
    page.locator("form:has([name=reception_limit]) button[type=submit]").first.click()
    page.goto("/staff/")
    expect(page.locator("tr", has_text=name)).to_contain_text("60", timeout=SLOW)
    page.context.close()


def go_offline(page: Page) -> None:
    """Nobody is given to this person any more."""
    page.goto("/workspace/")
    page.locator("#rail-me").click()
    page.locator("#presence-switch button[value=offline]").click()
    expect(page.locator(".ws-list-foot").get_by_text("离线", exact=True)).to_be_visible(
        timeout=SLOW
    )


def open_chat(new_context: NewContext, address: str = "") -> Page:
    """The widget's page on a visitor's phone."""
    context = new_context(**PHONE)
    context.set_default_timeout(SLOW)
    visit = context.new_page()
    visit.goto(f"{address}/widget/{SITE_KEY}/")
    return visit


def write(chat: Page | Frame, text: str) -> None:
    """The visitor sends a line."""
    chat.fill("#text", text)
    chat.press("#text", "Enter")


def all_sent(chat: Page | Frame) -> None:
    """Nothing of the visitor's is on its way any more."""
    expect(chat.locator("#rows .is-sending")).to_have_count(0, timeout=SLOW)


def answer(desk: Page, text: str) -> None:
    """The agent sends a line."""
    desk.fill("[data-field]", text)
    desk.press("[data-field]", "Enter")


def thread(desk: Page) -> Locator:
    """The words on the agent's screen."""
    return desk.locator(".ws-lines .line .words")


def open_row(desk: Page, text: str) -> None:
    """The conversation whose row shows these words is open on the agent's screen."""
    row = desk.locator(".ws-rows .ws-row", has_text=text).first
    expect(row).to_be_visible(timeout=SLOW)
    row.click()
    expect(thread(desk).first).to_be_visible(timeout=SLOW)
