"""The first page anybody sees."""

from playwright.sync_api import Page, expect


def test_the_sign_in_page_speaks_chinese_and_can_be_used_by_all(page: Page, check_accessibility):
    page.goto("/sign-in/")

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("input[type=password]")).to_be_visible()
    check_accessibility(page)
