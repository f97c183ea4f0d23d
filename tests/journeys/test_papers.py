"""What is printed comes out on paper as paper: its size, its pages, its cover."""

import re

import pytest

from tests.journeys.people import NewContext, sign_in

pytestmark = pytest.mark.journey
SHEET = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")


def sheets(pdf: bytes) -> list[bool]:
    """Every sheet of paper of a PDF: whether it lies across."""
    return [float(width) > float(height) for width, height in SHEET.findall(pdf)]


@pytest.mark.duty("D573", "D631", "D680")
def test_ledger_sheet_and_letter_come_out_on_a4(new_context: NewContext):
    page = sign_in(new_context, "wangfang")
    printed = {}

    page.goto("/cases/1/letter/")
    page.get_by_role("button", name="保存并打印").click()
    page.wait_for_url("**/letters/*/")
    printed["letter"] = page.pdf(prefer_css_page_size=True)
    for name, path in (("sheet", "/cases/1/print/"), ("book", "/cases/ledger/book/")):
        page.goto(path)
        printed[name] = page.pdf(prefer_css_page_size=True)

    assert sheets(printed["letter"]) == sheets(printed["sheet"]) == [False]
    assert len(sheets(printed["book"])) >= 2, "a cover, and the lines"
    assert all(sheets(printed["book"]))
