"""One customer's chat from the first word to the last: queue, phrase, picture, broken network,
transfer, summary, search."""

import re
from collections.abc import Iterator
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
from tests.journeys.pictures import photo
from tests.served import Served

pytestmark = pytest.mark.journey
FLAT = str(uuid4().int)[:6]  # Nobody else in the demo lives there.
FIRST = f"我家卫生间的天花板在滴水，楼上是{FLAT}"
PHRASE = "请稍等！"
CUT = [("visitor", "照片上能看到水印"), ("agent", "收到照片了"), ("visitor", "比昨天更大了")]
REASON = "需要工程部上门查看卫生间防水"
POINT = f"{FLAT}卫生间防水层破损待维修"


@pytest.fixture
def network(served: Served) -> Iterator[Network]:
    """What lies between the visitor's phone and us."""
    with network_to(served.port) as network:
        yield network


def test_a_customer_is_served_from_the_first_word_to_the_last(
    new_context: NewContext, network: Network, expect_console: list[re.Pattern[str]]
):
    expect_console.append(re.compile(r"ERR_|WebSocket connection"))
    make_room(new_context, "李敏")
    desk, colleague = (sign_in(new_context, name) for name in ("limin", "chenxd"))
    for page in (desk, colleague):
        go_offline(page)
    visit = open_chat(new_context, f"http://127.0.0.1:{network.port}")
    write(visit, FIRST)
    all_sent(visit)
    expect(visit.locator("#queue-words")).to_have_text(
        re.compile("您是下一位|您前面还有 ?\\d+ ?位"), timeout=SLOW
    )

    go_online(desk)
    take(desk, FIRST)
    expect(visit.locator("#who")).to_have_text("小敏", timeout=SLOW)
    expect(visit.locator("#queue")).to_be_hidden()

    answer_with_a_phrase(desk)
    expect(visit.locator("#rows .line:not(.own) .words").last).to_have_text(PHRASE, timeout=SLOW)
    send_picture(visit, desk)
    talk_through_a_cut(visit, desk, network)

    hand_over(desk, colleague)
    expect(visit.locator("#who")).to_have_text("晓东", timeout=SLOW)
    sum_up(colleague)
    expect(visit.locator("#closed")).to_be_visible(timeout=SLOW)
    stands_unsolved(desk)
    find_again(colleague)
    for page in (desk, colleague):
        go_offline(page)


def take(desk: Page, words: str) -> None:
    """The customer is given to whoever is free, and stands on her screen."""
    open_row(desk, words)
    expect(desk.locator(".ws-head-sub")).to_contain_text("首问 小敏", timeout=SLOW)


def answer_with_a_phrase(desk: Page) -> None:
    field = desk.locator("[data-field]")
    field.press_sequentially("/qsd")
    choice = desk.locator("[data-phrases] .choice[aria-selected=true]")
    expect(choice).to_contain_text(PHRASE, timeout=SLOW)
    field.press("Enter")
    expect(field).to_have_value(PHRASE)
    field.press("Enter")
    expect(thread(desk).last).to_have_text(PHRASE, timeout=SLOW)


def send_picture(visit: Page, desk: Page) -> None:
    picture = {"name": "天花板.png", "mimeType": "image/png", "buffer": photo()}
    visit.set_input_files("#picture-input", picture)  # type: ignore[arg-type]
    expect(visit.locator("#rows .own img.picture")).to_have_count(1, timeout=SLOW)
    all_sent(visit)
    seen = desk.locator(".ws-lines img.picture")
    expect(seen).to_have_count(1, timeout=SLOW)
    seen.scroll_into_view_if_needed()
    desk.wait_for_function(
        "() => document.querySelector('.ws-lines img.picture').naturalWidth === 640"
    )


def talk_through_a_cut(visit: Page, desk: Page, network: Network) -> None:
    network.cut()
    visit.context.set_offline(True)
    for who, words in CUT:
        if who == "visitor":
            write(visit, words)
        else:
            answer(desk, words)
            expect(thread(desk).last).to_have_text(words, timeout=SLOW)
    expect(visit.locator("#bar")).to_be_visible(timeout=SLOW)
    network.mend()
    visit.context.set_offline(False)
    all_sent(visit)

    for _who, words in CUT:
        for page in (visit.locator("#rows"), desk.locator(".ws-lines")):
            expect(page.locator(".words", has_text=words)).to_have_count(1, timeout=SLOW)
    assert said(visit, "#rows") == said(desk, ".ws-lines")


def said(page: Page, where: str) -> list[str]:
    """Everything that was said, as it stands on this screen."""
    return page.locator(f"{where} .line .words").all_inner_texts()


def hand_over(desk: Page, colleague: Page) -> None:
    go_online(colleague)
    desk.locator(".ws-head-actions").get_by_role("button", name="转接").click()
    form = desk.locator("#act-form")
    form.locator(".ws-receiver", has_text="晓东").locator("input").check()
    form.locator("[name=reason]").fill(REASON)
    form.get_by_role("button", name="转接").click()
    expect(form).to_have_count(0, timeout=SLOW)

    open_row(colleague, CUT[-1][1])
    expect(colleague.locator(".ws-head-sub")).to_contain_text("首问 小敏")
    expect(colleague.locator(".ws-head-sub")).to_contain_text("晓东")
    expect(colleague.locator("#ws-head")).to_contain_text(REASON, timeout=SLOW)
    assert said(colleague, ".ws-lines") == said(desk, ".ws-lines")


def sum_up(desk: Page) -> None:
    desk.locator(".ws-head-actions").get_by_role("button", name="小结并结束").click()
    form = desk.locator("#wrap-up-form")
    form.locator("[name=demand]").fill("卫生间天花板漏水，要求查看楼上防水")
    form.locator("[data-point-rows] input[type=text]").first.fill(POINT)
    form.locator("[name=next_action]").fill("工程部明天上午上门")
    form.get_by_role("button", name="小结并结束").click()
    expect(form).to_have_count(0, timeout=SLOW)


def stands_unsolved(desk: Page) -> None:
    """On the list of who was asked first: she stays responsible to the end."""
    desk.locator("#tab-unsolved").click()
    expect(desk.locator("#tab-unsolved[aria-current=page]")).to_be_visible(timeout=SLOW)
    expect(desk.locator(".ws-task", has_text=POINT)).to_be_visible(timeout=SLOW)


def find_again(desk: Page) -> None:
    """By two characters, from what the customer wrote while cut off."""
    desk.goto("/workspace/search/?q=水印")
    found = desk.locator(".ws-found li", has_text=CUT[0][1]).first
    expect(found.locator("mark").first).to_have_text("水印", timeout=SLOW)
    found.locator("a").click()
    expect(thread(desk).filter(has_text=CUT[0][1])).to_be_visible(timeout=SLOW)
