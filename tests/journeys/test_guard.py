"""What a customer should not read does not leave, and what was typed meanwhile stays what it is."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.people import (
    SLOW,
    NewContext,
    all_sent,
    answer,
    go_offline,
    go_online,
    make_room,
    open_chat,
    open_row,
    sign_in,
    thread,
    write,
)

pytestmark = pytest.mark.journey
MARK = uuid4().hex[:6]
CURT = f"{MARK} 你怎么这么麻烦"


def test_curt_words_come_back_and_lines_typed_quickly_all_go(new_context: NewContext):
    make_room(new_context, "刘佳")
    desk = sign_in(new_context, "liujia")
    go_online(desk)
    visit = open_chat(new_context)
    write(visit, f"{MARK} 在吗？")
    all_sent(visit)
    desk.goto("/workspace/")
    open_row(desk, MARK)
    claim = desk.locator(".ws-head-actions").get_by_role("button", name="领取")
    if claim.count():
        claim.click()

    quick = [f"{MARK} 第 {number} 句" for number in range(4)]
    for words in quick:
        answer(desk, words)
    for words in quick:
        expect(thread(desk).get_by_text(words, exact=True)).to_have_count(1, timeout=SLOW)
    shown = [one for one in thread(desk).all_inner_texts() if one in quick]
    assert shown == quick

    answer(desk, CURT)
    taboo = desk.locator("[data-taboo]")
    instead = taboo.get_by_role("button", name="改为")
    expect(instead).to_be_visible(timeout=SLOW)
    expect(desk.locator("[data-field]")).to_have_value(CURT)
    expect(thread(desk).get_by_text(CURT, exact=True)).to_have_count(0)

    instead.click()
    desk.press("[data-field]", "Enter")
    expect(thread(desk).get_by_text("这件事我继续跟进。")).to_have_count(1, timeout=SLOW)
    expect(desk.locator("[data-field]")).to_have_value("")
    expect(visit.locator("#rows .words").last).to_contain_text("这件事我继续跟进。", timeout=SLOW)
    expect(visit.locator("#rows")).not_to_contain_text("这么麻烦")
    go_offline(desk)
