"""Presence from every page: by keyboard, live in one's other windows, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import NewContext, sign_in

pytestmark = pytest.mark.journey


def expect_presence(page: Page, tone: str, word: str) -> None:
    """The mark beside one's picture has the colour, the menu's button says the word."""
    expect(page.locator("#rail-me .sw-avatar-state")).to_have_attribute("data-state", tone)
    expect(page.locator("#rail-me")).to_have_accessible_name(f"我的菜单 · {word}")


def test_presence_is_changed_by_keyboard_on_any_page_and_seen_in_the_other_window(
    new_context: NewContext, check_accessibility
):
    desk = sign_in(new_context, "wutao")
    other = desk.context.new_page()
    other.goto("/search/")
    desk.goto("/directory/")
    expect_presence(desk, "plain", "离线")

    desk.keyboard.type("gm")
    expect(desk.get_by_role("group", name="我的状态")).to_be_visible()
    check_accessibility(desk)
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        desk.keyboard.press(key)

    expect_presence(desk, "late", "忙碌")
    expect_presence(other, "late", "忙碌")
    expect(desk.get_by_role("group", name="我的状态")).to_be_hidden()
    expect(desk.locator("#rail-me")).to_be_focused()

    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="用餐").click()
    expect_presence(other, "near", "小休")
    other.locator("#rail-me").click()
    expect(other.locator("#presence-switch")).to_contain_text("小休 · 用餐")
    other.get_by_role("button", name="English").click()
    other.locator("#rail-me").click()
    expect(other.get_by_role("group", name="My presence")).to_contain_text("On a break")
    other.get_by_role("button", name="Offline", exact=True).click()
    expect(desk.locator("#rail-me .sw-avatar-state")).to_have_attribute("data-state", "plain")
