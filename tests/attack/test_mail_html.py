"""HTML of mails, cleaned: thousands of ways to run something, judged by a real Chromium (ASVS V1.3.1)."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from shouwen.mailroom.carriers.email.html import clean_html
from tests.attack.vectors import EVENTS, TAGS, VECTORS, forms

pytestmark = pytest.mark.journey
AT_ONCE = 100
# Parsed as a page, then written into an element, twice: what is harmless once may not be again.
TAKE_IN = """htmls => htmls.flatMap(html => {
    const place = document.body.appendChild(document.createElement('div'));
    place.innerHTML = html;
    place.innerHTML = place.innerHTML;
    const bad = [...place.querySelectorAll('*')].flatMap(one => [...one.attributes]
        .filter(a => /^on/i.test(a.name) || /^[\\u0000-\\u0020]*(javascript|data|vbscript):/i.test(a.value))
        .map(a => `${a.name}=${a.value}`));
    const elements = place.querySelectorAll('script,iframe,object,embed,form,base,meta,link,style,svg,math,template');
    return [...bad, ...[...elements].map(one => one.tagName)].map(what => `${what} from ${html}`);
})"""


def corpus() -> Iterator[str]:
    """Every vector, and every event on every element in every way of writing it."""
    yield from VECTORS
    for tag, event in product(TAGS, EVENTS):
        yield from forms(tag, event)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def heard(page: Page) -> list[str]:
    """What ran, and who was called."""
    heard: list[str] = []
    page.context.expose_function("xss", lambda *words: heard.append(f"ran {words}"))
    page.on("dialog", lambda dialog: (heard.append(dialog.type), dialog.dismiss()))
    # `cid:` is no address of a network: whoever shows the mail puts its own picture there.
    page.on("request", lambda one: one.url[:4] == "cid:" or heard.append(f"called {one.url}"))
    return heard


def show(page: Page, htmls: list[str]) -> list[str]:
    """Put on a page; what is left that should not be."""
    page.set_content("".join(f"<div>{one}</div>" for one in htmls), wait_until="commit")
    found: list[str] = page.evaluate(TAKE_IN, htmls)
    page.wait_for_timeout(50)
    return found


def test_the_page_would_notice(page: Page, heard: list[str]):
    left = show(page, ["<img src=x: onerror=xss()>", "<svg onload=xss()>"])
    page.wait_for_timeout(200)

    assert left
    assert [one for one in heard if one.startswith("ran")]


def test_nothing_in_a_cleaned_mail_runs_or_calls_home(page: Page, heard: list[str]):
    htmls = [clean_html(one) for one in corpus()]
    left = []
    for start in range(0, len(htmls), AT_ONCE):
        left += show(page, htmls[start : start + AT_ONCE])
    page.wait_for_timeout(500)

    assert len(htmls) > 2000
    assert left == []
    assert heard == []


def test_a_tangled_mail_is_shown_as_text(page: Page, heard: list[str]):
    tangled = "<b>" * 5000 + "<img src=x: onerror=xss()>" + "</b>" * 10

    assert show(page, [clean_html(tangled)]) == []
    assert heard == []
