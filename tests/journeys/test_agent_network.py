"""The agent's network fails: typed words stay, what was missed comes at once, in order, once. (F13)"""

import re
import time
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.network import Network, network_to
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
from tests.served import Served

pytestmark = pytest.mark.journey
MARK = uuid4().hex[:6]
# Three seconds are promised; a machine that does other things too gets some more.
SHOWN_WITHIN = 3_000 * 4
DRAFT = "还没发出去的半句话"


def test_an_agent_loses_no_word_and_misses_none(
    new_context: NewContext, served: Served, expect_console: list[re.Pattern[str]]
):
    expect_console.append(re.compile(r"ERR_|WebSocket connection|status of 50|htmx:"))
    make_room(new_context, "刘佳")
    with network_to(served.port) as network:
        desk = sign_in(new_context, "liujia")
        go_online(desk)
        desk.goto(f"http://127.0.0.1:{network.port}/workspace/")
        visit = open_chat(new_context, served.url)
        write(visit, f"{MARK} 在吗？")
        all_sent(visit)
        open_row(desk, MARK)
        claim = desk.locator(".ws-head-actions").get_by_role("button", name="领取")
        if claim.count():
            claim.click()
        answer(desk, f"{MARK} 您好")
        expect(visit.locator("#rows .words").last).to_have_text(f"{MARK} 您好", timeout=SLOW)

        for number, harm in enumerate((network.cut, network.swallow)):
            talk_meanwhile(desk, visit, harm, network, number)
        go_offline(desk)


def talk_meanwhile(desk: Page, visit: Page, harm, network: Network, number: int) -> None:
    harm()
    said = [f"{MARK} {number} 客户 {n}" for n in range(3)]
    answered = [f"{MARK} {number} 客服 {n}" for n in range(2)]
    for words in said:
        write(visit, words)
    all_sent(visit)
    for words in answered:
        answer(desk, words)
    desk.fill("[data-field]", DRAFT)
    time.sleep(6)
    network.mend()
    begun = time.monotonic()

    for words in (*said, *answered):
        expect(thread(desk).get_by_text(words, exact=True)).to_have_count(1, timeout=SHOWN_WITHIN)
    assert time.monotonic() - begun < SHOWN_WITHIN / 1000
    assert desk.input_value("[data-field]") == DRAFT
    for words in answered:
        expect(visit.locator("#rows .words", has_text=words)).to_have_count(1, timeout=SLOW)
    expect(desk.locator(".ws-lines .is-sending")).to_have_count(0, timeout=SLOW)
    shown = [one for one in thread(desk).all_inner_texts() if one.startswith(f"{MARK} {number} ")]
    assert [one for one in shown if one in said] == said
    assert [one for one in shown if one in answered] == answered
    assert shown == [
        one
        for one in visit.locator("#rows .words").all_inner_texts()
        if one.startswith(f"{MARK} {number} ")
    ]
    desk.fill("[data-field]", "")
