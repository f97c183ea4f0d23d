"""The ledger: the same rows on the page, in Excel and on paper."""

from datetime import datetime, timedelta

import lxml.html
import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.filters import ledger_asked, ledger_query
from shouwen.cases.queries import ledger as ledgers
from shouwen.cases.queries.ledger import COLUMNS, ledger_cases, ledger_lines, with_ledger_rows
from shouwen.cases.tests.make import AT, VALUES, a_case, a_kind, archived
from shouwen.customers.tests.factories import ContactPointFactory, CustomerFactory
from shouwen.exports.models import Export
from shouwen.exports.operations import ask_export, build_export

pytestmark = pytest.mark.django_db
NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}


@pytest.fixture
def leader(receiver):
    return StaffFactory(role="supervisor", department=receiver.department)


@pytest.fixture
def three_cases(receiver):
    """One archived, one open, one of October; one whose words a spreadsheet would reckon with."""
    kind = a_kind()
    customer = CustomerFactory(name="周玉兰")
    first = archived(a_case(receiver, kind=kind, customer=customer), receiver)
    second = a_case(receiver, kind=kind, matter="=1+1 噪音", at=AT + timedelta(hours=1))
    october = a_case(receiver, kind=kind, matter="十月的事", at=AT - timedelta(days=40))
    return first, second, october


def lines_of(html: str) -> list[dict[str, str]]:
    """Every line of the ledger in a page, cell by cell."""
    tree = lxml.html.fromstring(html)
    return [
        {
            cell.get("data-cell"): (cell.text_content() or "").strip()
            for cell in row.xpath(".//*[@data-cell]")
        }
        for row in tree.xpath("//tr[@data-line]")
    ]


def all_pages(client, address: str, asked: dict[str, str]) -> list[dict[str, str]]:
    """The lines of all pages or volumes of an address."""
    lines, after = [], ""
    while True:
        answer = client.get(address, {**asked, "after": after} if after else asked)
        lines += lines_of(answer.content.decode())
        after = answer.context["page"].next_cursor
        if not after:
            return lines


def sheet_lines(staff, asked: dict[str, str]) -> list[dict[str, str]]:
    """The lines of the Excel file that a worker writes."""
    export = ask_export("ledger", by=staff, asked=asked)
    build_export(export.pk, at=timezone.now())
    export.refresh_from_db()
    assert export.state == Export.State.READY
    with default_storage.open(export.key) as file:
        sheet = openpyxl.load_workbook(file).active
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == [str(name) for name in COLUMNS.values()]
    return [
        dict(zip(COLUMNS, ["" if c is None else str(c) for c in row], strict=True))
        for row in rows[1:]
    ]


@pytest.mark.duty("D573")
class TestSameRows:
    """Electronic register and paper ledger."""

    @pytest.mark.parametrize(
        ("narrowed", "expected"),
        [
            ({}, 2),
            ({"state": "archived"}, 1),
            ({"validity": "valid"}, 1),
            ({"q": "噪音"}, 1),
            ({"way": "letter"}, 0),
        ],
    )
    def test_page_excel_and_book_have_the_same_lines(
        self, client, leader, three_cases, narrowed, expected, monkeypatch
    ):
        monkeypatch.setattr("shouwen.cases.views.ledger.PAGE", 1)
        monkeypatch.setattr("shouwen.cases.views.ledger.BOOK_LINES", 1)
        client.force_login(leader)
        asked = {**NOVEMBER, **narrowed}

        page = all_pages(client, reverse("cases:ledger"), asked)
        book = all_pages(client, reverse("cases:ledger_book"), asked)
        sheet = sheet_lines(leader, asked)

        assert len(sheet) == expected
        assert book == sheet
        assert list(reversed(page)) == sheet
        assert "十月的事" not in str(sheet)

    def test_the_link_to_excel_says_the_same_days_and_filters(self, client, leader, three_cases):
        client.force_login(leader)
        asked = {**NOVEMBER, "q": "噪音"}

        shown = client.get(reverse("cases:ledger"), asked)

        wanted = ledger_asked(asked, at=timezone.now())
        tree = lxml.html.fromstring(shown.content.decode())
        links = [a.get("href") for a in tree.xpath("//a[@href]")]
        for name in (reverse("exports:new", args=["ledger"]), reverse("cases:ledger_book")):
            assert f"{name}?{ledger_query(wanted)}" in links


class TestLedger:
    def test_no_cell_is_a_formula(self, leader, three_cases):
        assert any(one["matter"] == "=1+1 噪音" for one in sheet_lines(leader, NOVEMBER))

    def test_without_days_it_is_this_month(self):
        asked = ledger_asked({}, at=datetime(2026, 2, 10, tzinfo=AT.tzinfo))

        assert (asked.since.isoformat(), asked.until.isoformat()) == ("2026-02-01", "2026-02-28")
        assert asked.is_whole_month

    @pytest.mark.parametrize(
        "given", [{"since": "2026-13-40"}, {"department": "x" * 99}, {"way": "?"}]
    )
    def test_what_cannot_be_read_is_left_out(self, given):
        assert ledger_asked(given, at=AT) == ledger_asked({}, at=AT)

    def test_shows_only_departments_in_reach(self, client, three_cases):
        client.force_login(StaffFactory(role="supervisor", department=DepartmentFactory()))

        assert not lines_of(client.get(reverse("cases:ledger"), NOVEMBER).content.decode())

    def test_phones_are_masked_and_clear_only_for_a_reason(self, leader, three_cases):
        masked = [one["phone"] for one in sheet_lines(leader, NOVEMBER)]
        asked = ledger_asked(NOVEMBER, at=AT)
        rows = list(with_ledger_rows(ledger_cases(leader, asked)))
        clear = [one.phone for one in ledger_lines(rows, leader, is_clear=True)]

        assert VALUES["phone"] not in str(masked)
        assert clear == [VALUES["phone"]] * 2

    def test_takes_the_phone_of_the_file_when_the_form_has_none(self, leader, receiver):
        customer = CustomerFactory()
        ContactPointFactory(customer=customer, kind="phone")
        kind = a_kind(code="suggestion", prefix="JY", is_complaint=False, fields=[])
        a_case(receiver, kind=kind, customer=customer, values={})
        rows = list(with_ledger_rows(ledger_cases(leader, ledger_asked(NOVEMBER, at=AT))))

        assert [bool(one.phone) for one in ledger_lines(rows, leader)] == [True]

    def test_costs_the_same_however_many_lines(
        self, client, leader, receiver, django_assert_max_num_queries
    ):
        kind = a_kind()
        for _number in range(8):
            a_case(receiver, kind=kind)
        client.force_login(leader)

        with django_assert_max_num_queries(40):
            client.get(reverse("cases:ledger"), NOVEMBER)

    def test_an_empty_month_says_what_to_do(self, client, leader):
        client.force_login(leader)

        shown = client.get(reverse("cases:ledger"), {"since": "2020-01-01"}).content.decode()

        assert "这段时间没有登记" in shown


class TestBook:
    def test_has_a_cover_with_month_volume_and_numbers(
        self, client, leader, three_cases, monkeypatch
    ):
        monkeypatch.setattr("shouwen.cases.views.ledger.BOOK_LINES", 1)
        monkeypatch.setattr(ledgers, "BOOK_LINES", 1)
        client.force_login(leader)

        first = client.get(reverse("cases:ledger_book"), NOVEMBER)
        after = first.context["page"].next_cursor
        second = client.get(reverse("cases:ledger_book"), {**NOVEMBER, "after": after})

        for words in ("工单台账", "2026年11月", "1 / 2", three_cases[0].number):
            assert words in first.content.decode()
        assert "2 / 2" in second.content.decode()

    def test_an_empty_book_says_so(self, client, leader):
        client.force_login(leader)

        shown = client.get(reverse("cases:ledger_book"), {"since": "2020-01-01"}).content.decode()

        assert "没有登记工单" in shown
