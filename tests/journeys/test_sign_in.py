"""The first page anybody sees."""

import re

from playwright.sync_api import Page, expect


def test_the_sign_in_page_speaks_chinese_and_can_be_used_by_all(page: Page, check_accessibility):
    page.goto("/")

    expect(page).to_have_url(re.compile("sign-in|signin|login"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("input[type=password]")).to_be_visible()
    check_accessibility(page)
