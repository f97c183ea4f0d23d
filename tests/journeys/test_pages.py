"""Every main page as a manager sees it: no fault, fits a phone, usable by all, Chinese, and photographed."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from shouwen.demo.company import SITE_KEY
from tests.architecture.layout import ROOT
from tests.journeys.people import (
    PHONE,
    SLOW,
    NewContext,
    all_sent,
    answer,
    go_offline,
    go_online,
    make_room,
    open_row,
    sign_in,
    write,
)
from tests.served import Served

pytestmark = pytest.mark.journey
PAGES = {
    "home": "/home/", "workspace": "/workspace/", "all": "/workspace/?tab=all",
    "board": "/workspace/board/", "found": "/workspace/search/?q=电梯", "search": "/search/?q=电梯",
    "contact": "/workspace/contacts/new", "customers": "/customers/", "customer": "/customers/1",
    "phrases": "/knowledge/phrases", "courtesy": "/knowledge/courtesy", "mailroom": "/mailroom/",
    "inbound": "/mailroom/inbound/", "outbound": "/mailroom/outbound/", "rules": "/mailroom/rules/",
    "mailboxes": "/mailroom/mailboxes/", "mailbox": "/mailroom/mailboxes/new/", "staff": "/staff/",
    "person": "/staff/new/", "directory": "/directory/", "roles": "/roles/", "matrix": "/roles/matrix/",
    "departments": "/departments/", "presence": "/presence/totals/", "settings": "/settings/",
    "queues": "/settings/queues/", "widgets": "/settings/widgets/", "hours": "/settings/service-hours/",
    "keys": "/settings/api-keys/", "health": "/health/", "faults": "/health/faults/",
    "notices": "/notices/", "profile": "/me/", "sign-ins": "/me/sign-ins/",
    "second-factor": "/me/second-factor/", "gallery": "/ui/", "api": "/api/v1/docs",
    "ledger": "/cases/ledger/", "ledger-book": "/cases/ledger/book/", "archive": "/cases/archive/",
    "standard": "/cases/standard/", "case-standard": "/cases/1/standard/", "sheet": "/cases/1/print/",
}  # fmt: skip
# The gallery shows code, the reference of the API names fields, a customer wrote in English.
NOT_ALL_CHINESE = {"gallery", "api", "all"}
SHOTS = ROOT / ".build" / "screenshots"
FOR_README = {
    "conversation-1440-light": "workspace-light", "conversation-1440-dark": "workspace-dark",
    "conversation-390-light": "workspace-phone", "widget-390-light": "widget-phone",
    "customer-1440-light": "customer", "mailroom-1440-light": "mailroom", "board-1440-light": "board",
    "health-1440-light": "health",
}  # fmt: skip
LATIN_WORDS_AT_MOST = 12
# Words that Chinese offices write in Latin letters, and what carries them: addresses, numbers, keys.
NAMES = re.compile(
    r"\S*[@/._\-:]\S*|\b(IMAP|SMTP|API|CSV|URL|TLS|STARTTLS|ID|JSON|Enter|Esc|Ctrl|Shift|Alt|Tab|GB|MB|KB|"
    r"PostgreSQL|Chrome|Chromium|Firefox|Linux|HTTP|JavaScript|AA|KH|HH|VIP|WhatsApp|LINE|TikTok)\b"
)


@pytest.fixture(scope="module", autouse=True)
def shots() -> Iterator[None]:
    """The folder of this run's pictures; with SCREENSHOTS set, the README's are renewed from it."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    yield
    if os.environ.get("SCREENSHOTS"):
        for name, target in FOR_README.items():
            if (SHOTS / f"{name}.png").exists():
                shutil.copy(SHOTS / f"{name}.png", ROOT / "docs" / "screenshots" / f"{target}.png")


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Photographs the page at three widths, light and dark, and checks that it fits a phone."""

    def take(page: Page, name: str) -> None:
        for width, height in ((1440, 900), (1024, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.wait_for_timeout(60)
                page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", animations="disabled")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} is {wide} px too wide at {width} px"
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})

    return take


@pytest.fixture(scope="module")
def office(browser: object, served: Served) -> dict[str, Path]:
    """Where the administrator's and the manager's cookies are kept between the pages."""
    return {}


def desk_of(new_context: NewContext, office: dict[str, Path], username: str) -> BrowserContext:
    """A window of somebody who signed in once."""
    if username not in office:
        page = sign_in(new_context, username)
        office[username] = SHOTS / f"{username}.json"
        page.context.storage_state(path=office[username])
    return new_context(storage_state=str(office[username]))


def test_a_conversation_on_screens_of_every_size(
    new_context: NewContext,
    shoot: Callable[[Page, str], None],
    check_accessibility: Callable[[Page], None],
):
    desk = sign_in(new_context, "limin")
    go_online(desk)
    desk.locator(".ws-rows .ws-row", has_text="到底什么时候能修好").first.click()
    expect(desk.locator(".ws-lines .line .words").last).to_be_visible(timeout=SLOW)
    desk.goto(desk.url)
    expect(desk.locator(".ws-lines .line .words").last).to_be_visible(timeout=SLOW)

    shoot(desk, "conversation")
    check_accessibility(desk)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_for_everybody(
    name: str,
    new_context: NewContext,
    office: dict[str, Path],
    shoot: Callable[[Page, str], None],
    check_accessibility: Callable[[Page], None],
):
    page = desk_of(new_context, office, "admin").new_page()
    answer = page.goto(PAGES[name], timeout=SLOW)
    assert answer
    if answer.status == 403:
        page = desk_of(new_context, office, "linhai").new_page()
        answer = page.goto(PAGES[name], timeout=SLOW)
        assert answer
    assert answer.status == 200
    expect(page.locator("body")).to_be_visible()

    shoot(page, name)
    # The gallery shows switched-off and busy things, the reference is another's page.
    if name not in {"api", "gallery"}:
        check_accessibility(page)
    if name not in NOT_ALL_CHINESE:
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        assert len(latin_words(page)) <= LATIN_WORDS_AT_MOST, latin_words(page)


def latin_words(page: Page) -> list[str]:
    """Words of three letters and more that are no names, addresses or keys."""
    return re.findall(r"\b[A-Za-z]{3,}\b", NAMES.sub(" ", page.locator("main").inner_text()))


def test_the_chat_on_a_phone(
    new_context: NewContext,
    served: Served,
    shoot: Callable[[Page, str], None],
    check_accessibility: Callable[[Page], None],
):
    make_room(new_context, "李敏")
    visit = new_context(**PHONE).new_page()
    visit.goto(f"/widget/{SITE_KEY}/")
    write(visit, "你好，请问小区游泳池几点开放？")
    room = str(uuid4().int)[:4]
    write(visit, f"我是{room}室的业主，孩子需要带什么证件吗")
    all_sent(visit)
    desk = sign_in(new_context, "limin")
    go_online(desk)
    open_row(desk, room)
    answer(desk, "您好，游泳池每天 9:00 到 21:00 开放，请带业主卡和孩子的健康证。")
    expect(visit.locator("#rows .line:not(.own) .words")).to_have_count(1, timeout=SLOW)

    shoot(visit, "widget")
    check_accessibility(visit)
    go_offline(desk)
