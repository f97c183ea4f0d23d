"""Every figure is the number of the rows it opens, for whoever looks. (Law 7)"""

from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, CaseCategory, Escalation, HandOff, Remedy
from shouwen.cases.operations.closing import archive_case, reopen_case
from shouwen.cases.queries.figurerows import longest_of, row_facts, sum_of, with_row_facts
from shouwen.cases.queries.figures import FIGURES, figure_rows
from shouwen.cases.queries.figurescope import ALL_KINDS, Scope, scope_asked
from shouwen.cases.queries.figuretables import all_tables, cause_table, class_table
from shouwen.cases.queries.ratios import ratio_text
from shouwen.cases.queries.tallies import compared, received_by_day, tallies_of
from shouwen.cases.tests.make import (
    AT,
    VALUES,
    a_case,
    a_kind,
    a_receiver,
    answered,
    archived,
    closing_words,
    followed_up,
    taken,
)
from shouwen.core.periods import Period, Span, period_of
from shouwen.deadlines.models import Deadline

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
MONTH = Scope(period=period_of(Span.MONTH, DAY))
LATER = AT + timedelta(hours=5)
CATEGORIES = [
    {"code": "facility", "name": "公共设施", "children": [{"code": "lift", "name": "电梯"}]},
    {"code": "noise", "name": "噪音"},
]


def node(kind, code, axis="category"):
    return CaseCategory.objects.get(kind=kind, axis=axis, code=code)


@pytest.fixture
def kind(calendars):
    return a_kind(categories=CATEGORIES)


@pytest.fixture
def company(kind, department, receiver):
    """Two departments, one below the other, with cases of every fate; who looks, by role."""
    below = DepartmentFactory(name="一组", parent=department)
    other = DepartmentFactory(name="工程部")
    people = {
        "agent": receiver,
        "supervisor": StaffFactory(role="supervisor", department=department),
        "manager": StaffFactory(role="service_manager", department=department),
        "elsewhere": StaffFactory(role="supervisor", department=other),
        "own": StaffFactory(role="chat_companion", department=department),
    }
    near = a_receiver(department=below)
    suggestion = a_kind(code="suggestion", name="建议", prefix="JY", is_complaint=False,
                        needs_follow_up=False, needs_judging=False, needs_approval="never",
                        needs_cause=False)  # fmt: skip
    a_case(receiver, kind=kind, category=node(kind, "lift"))
    a_case(near, kind=kind, category=node(kind, "facility"), way=Case.Way.LETTER)
    a_case(near, kind=suggestion, way=Case.Way.MAIL)
    taken(a_case(receiver, kind=kind, category=node(kind, "noise")), receiver)
    answered(taken(a_case(near, kind=kind), near), near, at=AT + timedelta(hours=2))
    whole = archived(a_case(receiver, kind=kind, category=node(kind, "lift")), receiver, at=AT)
    archived(a_case(near, kind=kind, category=node(kind, "noise")), near, at=AT)
    back = archived(a_case(receiver, kind=kind), receiver, at=AT)
    reopen_case(back.pk, reason="又坏了", by=receiver, at=LATER)
    sad = answered(taken(a_case(near, kind=kind), near), near)
    followed_up(sad, near, "dissatisfied", at=LATER)
    invalid = a_case(receiver, kind=kind, at=AT - timedelta(days=1))
    Case.objects.filter(pk=invalid.pk).update(validity="invalid", validity_reason="合同外")
    a_case(receiver, kind=kind, at=AT - timedelta(days=40), values={**VALUES, "room": "9"})
    HandOff.objects.create(
        case=whole, department=other, task="查", customer_words="电梯", by=receiver,
        sent_at=AT, last_progress_at=AT,
    )  # fmt: skip
    Remedy.objects.create(case=whole, code="x", name="减免", cost_fen=1234, state="done",
                          by=receiver, at=AT)  # fmt: skip
    Remedy.objects.create(case=whole, code="y", name="礼品", cost_fen=999, state="declined",
                          by=receiver, at=AT)  # fmt: skip
    Escalation.objects.create(case=whole, level=1, role_code="supervisor", role_name="主管",
                              by=receiver, how="hand", reason="大", at=AT)  # fmt: skip
    Case.objects.filter(pk=invalid.pk).update(handler=people["own"])
    late = Deadline.objects.filter(subject_id=whole.pk, kind="handle")
    late.update(missed_at=AT, due_at=AT - timedelta(minutes=1), warn_at=None)
    return people


SCOPES = {
    "month": {},
    "all kinds": {"kind": ALL_KINDS},
    "suggestions": {"kind": "suggestion"},
    "valid": {"validity": "valid"},
    "letters": {"way": "letter"},
    "no category": {"category": "none"},
    "a day": {"period": period_of(Span.DAY, DAY)},
    "the day before": {"period": period_of(Span.DAY, DAY - timedelta(days=1))},
    "own dates": {"period": Period(Span.OWN, DAY - timedelta(days=60), DAY)},
    "a year ago": {"period": period_of(Span.MONTH, DAY).a_year_before},
}
WHO = ("agent", "supervisor", "manager", "elsewhere", "own")


def test_every_figure_is_the_number_of_its_rows(company):
    for role, name in product(WHO, SCOPES):
        scope = MONTH.with_(**SCOPES[name])
        tallies = tallies_of(company[role], scope, at=LATER)
        wrong = {
            code: (tallies.whole[code], rows)
            for code in FIGURES
            if not code.startswith("clock_")
            and tallies.whole[code]
            != (rows := figure_rows(company[role], code, scope, at=LATER).count())
        }

        assert wrong == {}, (role, name)


def test_every_cell_of_every_table_is_the_number_of_its_rows(company):
    seen = Counter()
    for role, name in product(WHO, SCOPES):
        scope = MONTH.with_(**SCOPES[name])
        tallies = tallies_of(company[role], scope, at=LATER)
        for table in all_tables(tallies, scope):
            for line in [*table.lines, *([table.foot] if table.foot else [])]:
                for cell in line.cells:
                    if not cell.figure or not cell.text.isdecimal():
                        continue
                    asked = dict(pair.split("=") for pair in cell.query.split("&"))
                    opened = scope_asked(asked, today=DAY)
                    rows = figure_rows(company[role], cell.figure, opened, at=LATER).count()
                    assert rows == int(cell.text), (role, table.code, line.name, cell)
                    seen[table.code] += 1
            tops = [line.cells[0].value for line in table.tops]
            if table.foot:
                assert sum(tops) == table.foot.cells[0].value, (role, table.code)
    assert set(seen) == {"class", "category", "cause", "department", "way"}


def test_a_person_counts_what_he_may_see(company):
    seen = {role: tallies_of(company[role], MONTH, at=LATER).whole["received"] for role in WHO}

    assert seen == {"agent": 9, "supervisor": 9, "manager": 9, "elsewhere": 1, "own": 1}


def test_suggestions_are_never_counted_among_complaints(company):
    both = tallies_of(company["manager"], MONTH.with_(kind=ALL_KINDS), at=LATER)

    assert both.whole["received"] == 10
    assert [line.name for line in class_table(both, MONTH.with_(kind=ALL_KINDS)).lines][
        -1
    ] == "建议"


def test_what_is_merged_is_counted_once(company, receiver):
    first, second = Case.objects.filter(kind__code="complaint").order_by("pk")[:2]
    Case.objects.filter(pk=second.pk).update(merged_into=first, closed_at=LATER)

    counted = tallies_of(company["manager"], MONTH, at=LATER).whole

    assert (counted["received"], counted["archived"]) == (8, 2)


@pytest.mark.duty("D571")
def test_seventy_nine_are_valid_invalid_enquiries_and_a_report(receiver):
    plain = {"needs_judging": False, "fields": [], "needs_demand": False, "clocks": []}
    kinds = {
        "complaint": a_kind(fields=[], clocks=[]),
        "lookup": a_kind(code="lookup", name="理赔查询", prefix="CX", is_complaint=False, **plain),
        "report": a_kind(code="report", name="举报案件", prefix="JB", is_complaint=False, **plain),
    }
    wanted = [("complaint", "valid")] * 44 + [("complaint", "invalid")] * 23
    wanted += [("lookup", "")] * 11 + [("report", "")]
    for code, validity in wanted:
        case = a_case(receiver, kind=kinds[code], values={})
        if validity:
            Case.objects.filter(pk=case.pk).update(validity=validity, validity_reason="依合同")
    scope = MONTH.with_(kind=ALL_KINDS)
    tallies = tallies_of(receiver, scope, at=LATER)
    table = class_table(tallies, scope)

    assert [(line.name, line.cells[0].value) for line in table.lines] == [
        ("有效投诉", 44),
        ("无效投诉", 23),
        ("理赔查询", 11),
        ("举报案件", 1),
    ]
    assert table.foot.cells[0].value == tallies.whole["received"] == 79
    assert ratio_text(tallies, "valid_share") == "65.7%"
    for line in table.lines:
        asked = dict(pair.split("=") for pair in line.cells[0].query.split("&"))
        rows = figure_rows(receiver, "received", scope_asked(asked, today=DAY), at=LATER)
        assert rows.count() == line.cells[0].value


class TestHours:
    @pytest.mark.duty("D066", "D569")
    def test_average_and_longest_are_those_of_the_rows(self, company):
        scope, manager = MONTH, company["manager"]
        tallies = tallies_of(manager, scope, at=LATER)
        rows = list(with_row_facts(figure_rows(manager, "results", scope, at=LATER)))
        hours = [row_facts(case).hours for case in rows]
        summed = sum_of(figure_rows(manager, "results", scope, at=LATER))

        assert len(hours) == tallies.whole["results"] == 5
        assert tallies.whole.hours_mean == pytest.approx(sum(hours) / len(hours), abs=0.05)
        assert tallies.whole.hours_longest == summed.hours_longest == max(hours) == 2.0
        assert summed.hours_mean == pytest.approx(tallies.whole.hours_mean)
        longest = longest_of(figure_rows(manager, "results", scope, at=LATER))
        assert longest.answered_at == AT + timedelta(hours=2)

    @pytest.mark.duty("D700", "D266")
    def test_late_is_who_missed_a_clock_for_handling(self, company):
        whole = tallies_of(company["manager"], MONTH, at=LATER).whole

        assert (whole["late"], whole["in_time"], whole["results"]) == (1, 4, 5)

    def test_without_a_clock_it_is_neither_in_time_nor_late(self, receiver):
        kind = a_kind(clocks=[], needs_approval="never", needs_follow_up=False)
        answered(taken(a_case(receiver, kind=kind), receiver), receiver)

        whole = tallies_of(receiver, MONTH, at=LATER).whole

        assert (whole["results"], whole["in_time"], whole["late"]) == (1, 0, 0)
        assert whole.share("in_time", "late") is None


@pytest.mark.duty("D069")
def test_hand_offs_and_cost_are_those_of_the_rows(company):
    manager = company["manager"]
    tallies = tallies_of(manager, MONTH, at=LATER)
    received = sum_of(figure_rows(manager, "received", MONTH, at=LATER))
    results = sum_of(figure_rows(manager, "results", MONTH, at=LATER))

    assert tallies.hand_offs == received.hand_offs == 1
    assert tallies.cost_fen == results.cost_fen == 1234
    assert ratio_text(tallies, "cost_mean") == "¥2.47"
    assert ratio_text(tallies, "handed_mean") == "0.11"


class TestCauses:
    @pytest.mark.duty("D067", "D494", "D647", "D649")
    def test_the_most_frequent_first_and_those_that_make_up_four_fifths(self, receiver):
        causes = [
            ("slow", "处理不及时", 6),
            ("knowledge", "业主对管理规定不了解或了解不多", 3),
            ("rules", "制度不完善", 1),
            ("law", "政策法规有待完善", 1),
        ]
        nodes = [{"code": code, "name": name} for code, name, _count in causes]
        kind = a_kind(causes=nodes, clocks=[], needs_approval="never")
        for code, _name, count in causes:
            for _number in range(count):
                case = followed_up(
                    answered(taken(a_case(receiver, kind=kind), receiver), receiver), receiver
                )
                words = closing_words(case, code, corrective_action="加强公示")
                archive_case(case.pk, words, by=receiver, at=AT)
        table = cause_table(tallies_of(receiver, MONTH, at=LATER), MONTH)

        assert [line.name for line in table.lines[:2]] == [causes[0][1], causes[1][1]]
        assert [line.cells[0].value for line in table.lines] == [6, 3, 1, 1]
        assert [line.cells[2].text for line in table.lines] == ["54.5%", "81.8%", "90.9%", "100.0%"]
        assert [line.tone for line in table.lines] == ["vital", "vital", "", ""]
        solved = figure_rows(receiver, "corrected", MONTH, at=LATER)
        assert solved.count() == table.foot.cells[3].value == 11
        assert all(case.result and case.corrective_action for case in solved)


@pytest.mark.duty("D645")
def test_the_share_of_a_line_counts_what_stands_below_it(company):
    table = {
        table.code: table
        for table in all_tables(tallies_of(company["manager"], MONTH, at=LATER), MONTH)
    }["category"]
    shares = {line.name: (line.cells[0].value, line.cells[1].text) for line in table.lines}

    assert shares["公共设施"] == (3, "33.3%")
    assert shares["电梯"] == (2, "22.2%")
    assert sum(value for name, (value, _share) in shares.items() if name != "电梯") == 9


def test_compares_with_the_period_before_and_a_year_before(company):
    found = compared(company["manager"], MONTH, at=LATER)

    assert (found["received"].before, found["received"].year_before) == (1, 0)


def test_the_days_of_the_chart_add_up_to_what_was_received(company):
    by_day = received_by_day(company["manager"], MONTH)

    assert sum(by_day.values()) == 9
    assert by_day[DAY] == 8


def test_counts_in_few_queries_whatever_there_is(company, django_assert_max_num_queries):
    manager = company["manager"]
    manager.role_list  # noqa: B018 - read once a request
    with django_assert_max_num_queries(12):
        tallies = tallies_of(manager, MONTH, at=LATER)
        all_tables(tallies, MONTH)
