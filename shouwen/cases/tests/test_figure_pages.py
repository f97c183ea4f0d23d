"""Pages of figures: what they show, to whom, empty and crowded, and that they stay cheap."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, CaseCategory, EnteredFigure
from shouwen.cases.operations.entering import FigureGiven, FigureUnclear, enter_figures
from shouwen.cases.queries.figureclocks import clock_page
from shouwen.cases.queries.figures import figure_rows
from shouwen.cases.queries.figurescope import Scope, scope_asked
from shouwen.cases.queries.figureyears import months_of, reviews_of, years_of
from shouwen.cases.tests.make import a_case, a_kind, a_receiver, archived, taken
from shouwen.core.clock import local_day
from shouwen.core.history import history_of
from shouwen.core.periods import Span, period_of
from shouwen.deadlines.models import Deadline
from shouwen.exports.operations import ask_export, build_export
from shouwen.exports.registry import exportable

pytestmark = pytest.mark.django_db

PAGES = ("figures", "figures_clocks", "figures_lines", "figures_years", "reports")
FIGURE_LINK = re.compile(r'href="(/cases/figures/rows/(\w+)/\?[^"]+)"[^>]*>(\d+)<')


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def boss(department):
    return StaffFactory(role="supervisor", department=department, name="王芳")


@pytest.fixture
def signed_in(client, boss):
    client.force_login(boss)
    return client


def lines_of(kind):
    rows = CaseCategory.objects.filter(kind=kind, axis="category", parent=None)
    return {row.code: row for row in rows}


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_site_has_every_page(signed_in, name):
    answer = signed_in.get(reverse(f"cases:{name}"))

    assert answer.status_code == 200
    assert "sw-empty" in answer.content.decode()


@pytest.mark.duty("D643")
def test_every_number_of_the_board_opens_as_many_rows(signed_in, receiver, now):
    archived(a_case(receiver, at=now), receiver, at=now)
    taken(a_case(receiver, at=now, kind=a_kind()), receiver, at=now)
    a_case(receiver, at=now, kind=a_kind())

    page = signed_in.get(reverse("cases:figures")).content.decode()
    links = {
        (url.replace("&amp;", "&"), int(count)) for url, _code, count in FIGURE_LINK.findall(page)
    }

    assert len(links) > 20
    for url, count in links:
        opened = signed_in.get(url)
        assert opened.context["summed"].count == len(opened.context["rows"]) == count, url


def test_the_board_stays_cheap_however_much_there_is(
    signed_in, receiver, now, django_assert_max_num_queries
):
    kind = a_kind()
    for _number in range(9):
        archived(a_case(receiver, at=now, kind=kind), receiver, at=now)

    with django_assert_max_num_queries(45):
        signed_in.get(reverse("cases:figures"), {"span": "year"})


def test_nobody_counts_another_department(client, signed_in, receiver, now):
    a_case(receiver, at=now)
    client.force_login(a_receiver(role="supervisor", department=DepartmentFactory()))

    assert client.get(reverse("cases:figure_rows", args=["received"])).context["summed"].count == 0


def test_what_an_address_says_wrongly_narrows_nothing(signed_in, receiver, now):
    a_case(receiver, at=now)
    wrong = {"span": "x", "department": "９", "category": "-1", "way": "fax", "stage": "x",
             "validity": "maybe", "cause": "1" * 30, "handler": "me"}  # fmt: skip

    assert (
        signed_in.get(reverse("cases:figure_rows", args=["received"]), wrong)
        .context["summed"]
        .count
        == 1
    )
    assert signed_in.get(reverse("cases:figure_rows", args=["unknown"])).status_code == 404


def test_the_workbook_has_the_tables_of_the_board(signed_in, receiver, now):
    archived(a_case(receiver, at=now), receiver, at=now)

    answer = signed_in.get(reverse("cases:figures_sheet"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    assert book.sheetnames == ["按性质", "按业务线", "根本原因", "按部门", "按来访方式"]
    rows = list(book["根本原因"].iter_rows(values_only=True))
    assert rows[2][:3] == ("设备老化", 1, 100)


def test_the_file_has_the_rows_behind_the_figure(boss, receiver, now, settings, tmp_path):
    archived(a_case(receiver, at=now), receiver, at=now)
    a_case(receiver, at=now, kind=a_kind())
    asked = {"figure": "archived", "span": "month", "day": local_day(now).isoformat()}

    assert exportable("figure").rows(boss, asked, now).count() == 1
    export = ask_export("figure", by=boss, asked=asked)
    build_export(export.pk, at=now)
    export.refresh_from_db()
    assert (export.state, export.done) == ("ready", 1)


class TestClocks:
    @pytest.mark.duty("D266", "D569")
    def test_each_stage_kept_missed_and_running_opens_its_rows(self, boss, receiver, now):
        archived(a_case(receiver, at=now), receiver, at=now)
        late = taken(a_case(receiver, at=now, kind=a_kind()), receiver, at=now)
        Deadline.objects.filter(subject_id=late.pk, kind="accept").update(missed_at=now)
        a_case(receiver, at=now, kind=a_kind())
        scope = Scope(period=period_of(Span.MONTH, local_day(now)))

        page = clock_page(boss, scope)

        accept = page.stages[0]
        assert [cell.text for cell in accept.cells] == ["1", "1", "1", "50.0%"]
        for line in page.stages:
            for cell in line.cells[:3]:
                asked = dict(pair.split("=") for pair in cell.query.split("&"))
                opened = scope_asked(asked, today=local_day(now))
                assert figure_rows(boss, cell.figure, opened, at=now).count() == int(cell.text)
        assert [line.name for line in page.departments] == [receiver.department.name]

    @pytest.mark.duty("D186")
    def test_the_standard_of_a_channel_stands_beside_how_it_was_kept(self, boss, receiver, now):
        clocks = [
            {"stage": "accept", "minutes": 240, "way": "mail"},
            {"stage": "accept", "days": 1},
        ]
        kind = a_kind(clocks=clocks)
        a_case(receiver, kind=kind, way=Case.Way.MAIL, at=now)
        late = a_case(receiver, kind=kind, way=Case.Way.MAIL, at=now)
        Deadline.objects.filter(subject_id=late.pk).update(missed_at=now)
        a_case(receiver, kind=kind, way=Case.Way.CALL, at=now)
        scope = Scope(period=period_of(Span.MONTH, local_day(now)))

        lines = {line.name: line for line in clock_page(boss, scope).ways}

        mail = lines[str(Case.Way.MAIL.label)]
        assert mail.limits == "受理 240 个工作分钟"
        assert (mail.cells[0].text, mail.cells[0].figure) == ("0.0%", "clock_missed")
        assert lines[str(Case.Way.CALL.label)].limits == ""

    @pytest.mark.duty("D266")
    def test_a_kind_without_a_time_limit_is_pointed_out(self, signed_in, receiver):
        a_kind()
        a_kind(code="bare", name="无时限", prefix="WX", clocks=[])

        shown = signed_in.get(reverse("cases:figures_clocks")).content.decode()

        assert "没有时限" in shown
        assert "受理 30 个工作分钟" in shown


class TestLines:
    @pytest.mark.duty("D541")
    def test_the_highest_rate_of_each_month_is_marked(self, boss, receiver, now):
        kind = a_kind(
            categories=[{"code": "card", "name": "公话及卡类"}, {"code": "home", "name": "宽带"}]
        )
        lines, day = lines_of(kind), local_day(now)
        for code, count in (("card", 2), ("home", 3)):
            for _number in range(count):
                a_case(receiver, kind=kind, category=lines[code], at=now)
        users = [("card", 1000), ("home", 100_000)]
        enter_figures(
            [FigureGiven(measure="users", year=day.year, month=day.month, line=lines[code], value=value)
             for code, value in users],
            by=boss, at=now,
        )  # fmt: skip
        scope = Scope(period=period_of(Span.YEAR, day))

        table = months_of(boss, scope)

        cells = {name: found[day.month - 1] for name, found in table.lines}
        assert {
            name: (cell.count, cell.rate_text, cell.is_highest) for name, cell in cells.items()
        } == {
            "公话及卡类": (2, "20.0", True),
            "宽带": (3, "0.3", False),
        }
        asked = dict(pair.split("=") for pair in cells["宽带"].query.split("&"))
        opened = scope_asked(asked, today=day)
        assert figure_rows(boss, "received", opened, at=now).count() == 3

    def test_without_numbers_of_users_the_highest_count_is_marked(self, boss, receiver, now):
        kind = a_kind()
        a_case(receiver, kind=kind, category=lines_of(kind)["lift"], at=now)
        a_case(receiver, kind=kind, at=now)
        a_case(receiver, kind=kind, at=now)
        scope = Scope(period=period_of(Span.YEAR, local_day(now)))

        month = local_day(now).month - 1
        marked = [name for name, found in months_of(boss, scope).lines if found[month].is_highest]

        assert marked == ["未分类"]

    @pytest.mark.duty("D494")
    def test_the_rate_of_bad_reviews_month_by_month(self, boss, now):
        enter_figures(
            [FigureGiven(measure=measure, year=2026, month=month, value=value)
             for month, measure, value in [(1, "reviews", 400), (1, "bad_reviews", 12),
                                           (2, "reviews", 500), (2, "bad_reviews", 10)]],
            by=boss, at=now,
        )  # fmt: skip

        assert [one.rate for one in reviews_of(2026)] == [0.03, 0.02]


class TestYears:
    @pytest.mark.duty("D644")
    def test_years_before_this_system_stand_beside_those_counted_here(
        self, signed_in, boss, receiver, now
    ):
        a_case(receiver, at=now)
        earlier = [(1995, 55, False), (1996, 110, False), (1997, 200, True), (1999, 400, True)]
        enter_figures(
            [FigureGiven(measure="complaints", year=year, value=value, is_at_least=is_more)
             for year, value, is_more in earlier],
            by=boss, at=now,
        )  # fmt: skip
        scope = Scope(period=period_of(Span.MONTH, local_day(now)))

        rows = years_of(boss, scope)

        assert [row.text for row in rows] == ["55", "110", "200+", "400+", "1"]
        assert [row.growth and round(row.growth, 2) for row in rows] == [
            None,
            1.0,
            0.82,
            None,
            None,
        ]
        shown = signed_in.get(reverse("cases:figures_years")).content.decode()
        assert "+100.0%" in shown
        assert "200+" in shown

    def test_a_number_entered_again_replaces_the_first(self, boss, now):
        for value in (50, 55):
            enter_figures(
                [FigureGiven(measure="complaints", year=1995, value=value)], by=boss, at=now
            )

        row = EnteredFigure.objects.get()
        assert row.value == 55
        assert [one.name for one in history_of("case_entered_figure", row.pk)] == [
            "cases.FigureEntered"
        ] * 2

    def test_refuses_a_month_of_earlier_years_and_reviews_of_a_year(self, boss, now):
        for given in (
            FigureGiven(measure="complaints", year=1995, month=1, value=1),
            FigureGiven(measure="reviews", year=1995, value=1),
        ):
            with pytest.raises(FigureUnclear):
                enter_figures([given], by=boss, at=now)

    def test_numbers_are_entered_and_taken_out_on_a_page(self, signed_in, boss):
        page = reverse("cases:figures_entered")
        entered = {"measure": "complaints", "year": "1995", "value": "55", "note": "年报"}

        assert signed_in.post(page, entered).status_code == 302
        assert signed_in.post(page, entered | {"month": "3"}).status_code == 422
        row = EnteredFigure.objects.get()
        assert "年报" in signed_in.get(page).content.decode()
        forget = reverse("cases:figures_entered_forget", args=[row.pk])
        assert signed_in.post(forget).status_code == 302
        assert not EnteredFigure.objects.exists()
        assert signed_in.post(forget).status_code == 404

    def test_an_agent_enters_nothing(self, client, receiver):
        client.force_login(receiver)

        assert client.get(reverse("cases:figures_entered")).status_code == 403
