"""A customer's own form on a phone: sent in, followed by its link, a word added, answered, solved."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import PHONE, SLOW, NewContext, sign_in
from tests.journeys.pictures import photo

pytestmark = pytest.mark.journey
MARK = str(uuid4().int)[:6]
MATTER = f"地下车库{MARK}区的灯太暗，老人看不清台阶"
LONGER_THAN_A_MACHINE = 3_200


def test_a_resident_sends_a_suggestion_from_his_phone_and_gets_an_answer(
    new_context: NewContext, check_accessibility: Callable[[Page], None]
):
    phone = new_context(**PHONE).new_page()
    phone.set_default_timeout(SLOW)
    phone.goto("/request/")
    check_accessibility(phone)
    phone.get_by_role("link", name=re.compile("^建议")).click()
    fill_in(phone, check_accessibility)
    number = phone.locator(".sw-public-lead b.sw-number").inner_text()
    check_accessibility(phone)
    assert_fits(phone)

    desk = sign_in(new_context, "limin")
    desk.goto(f"/cases/?q={MARK}")
    desk.get_by_role("link", name=re.compile(MARK)).first.click()
    expect(desk.locator("main")).to_contain_text(number)
    do(desk, "受理")
    phone.reload()
    expect(phone.locator("[data-state=current]")).to_contain_text("处理中")

    add_a_word(phone)
    expect(desk.locator("main")).to_contain_text("B2层也一样暗", timeout=SLOW)

    do(desk, "登记结果", result="已更换为LED灯")
    answered = {
        "text": "灯已全部更换，谢谢您的建议。",
        "method": "更换LED灯",
        "works_from": "2026-11-25T09:00",
    }
    do(desk, "答复客户", **answered)
    phone.reload()
    expect(phone.locator("#answer")).to_contain_text("灯已全部更换")
    check_accessibility(phone)
    phone.get_by_role("button", name="已解决", exact=True).click()
    expect(phone.locator("#answer")).to_contain_text("您的意见", timeout=SLOW)
    expect(desk.locator("main")).to_contain_text("客户接受答复", timeout=SLOW)


def fill_in(phone: Page, check_accessibility: Callable[[Page], None]) -> None:
    """First without a phone number: everything is still there, also the picture."""
    assert_fits(phone)
    phone.fill("[name=matter]", MATTER)
    phone.fill("[name=name]", "周琳")
    phone.set_input_files("[name=pictures]", a_picture())
    phone.check("[name=consent]")
    phone.wait_for_timeout(LONGER_THAN_A_MACHINE)
    send(phone)
    expect(phone.locator("#id_phone")).to_have_attribute("aria-invalid", "true")
    expect(phone.locator("[name=matter]")).to_have_value(MATTER)
    expect(phone.locator(".ask-pictures img")).to_have_count(1)
    check_accessibility(phone)
    phone.fill("[name=phone]", f"139{MARK}88")
    send(phone)
    expect(phone.locator("[data-tone=kept]").first).to_be_visible(timeout=SLOW)


def add_a_word(phone: Page) -> None:
    phone.fill("[name=text]", "B2层也一样暗")
    phone.set_input_files("[name=pictures]", a_picture())
    send(phone)
    expect(phone.locator("#words")).to_contain_text("B2层也一样暗", timeout=SLOW)
    expect(phone.locator("#words img")).to_have_count(2)


def a_picture() -> dict[str, object]:
    return {"name": "车库.png", "mimeType": "image/png", "buffer": photo()}


def send(phone: Page) -> None:
    phone.get_by_role("button", name="发送", exact=True).click()


def do(desk: Page, verb: str, **given: str) -> None:
    """Press the button of a verb, fill in its dialog, send it."""
    desk.locator(".case-verbs").get_by_role("button", name=verb, exact=True).click()
    dialog = desk.locator("dialog[open]")
    for name, value in given.items():
        dialog.locator(f"[name={name}]").fill(value)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0, timeout=SLOW)


def assert_fits(page: Page) -> None:
    """Nothing on the page is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
