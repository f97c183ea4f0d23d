"""GB/T 19012: found only where rows say so, missing where they do not."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, StandardRecord
from shouwen.cases.operations.accepting import Review, review_case
from shouwen.cases.operations.answering import record_reply
from shouwen.cases.operations.climbing import escalate_case
from shouwen.cases.operations.handing import News, note_progress
from shouwen.cases.operations.standards import Proof, record_proof
from shouwen.cases.queries.conformity import (
    Quarter,
    quarter_of,
    standard_of_case,
    standard_of_quarter,
)
from shouwen.cases.queries.evidence import _SAYS
from shouwen.cases.queries.pages import case_page
from shouwen.cases.queries.standard import COMPANY_ITEMS, ROWS, items, lacking
from shouwen.cases.tests.make import (
    AT,
    a_case,
    a_kind,
    a_receiver,
    answered,
    archived,
    taken,
)
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.history import history_of
from shouwen.deadlines.operations import sweep_deadlines

pytestmark = pytest.mark.django_db
AUTUMN = Quarter(2026, 4)


def states_of(case: Case, staff) -> dict[str, str]:
    """The state of each thing for one complaint, by its code; company's proof by its row."""
    rows = standard_of_case(case_page(case, staff, at=AT))
    return {item.code or str(row.number): item.state for row in rows for item in row.items}


@pytest.fixture
def leader(receiver):
    return StaffFactory(role="supervisor", department=receiver.department)


class TestOneComplaint:
    def test_has_all_twenty_rows_each_with_something_asked_for(self, receiver):
        rows = standard_of_case(case_page(a_case(receiver), receiver, at=AT))

        assert [row.number for row in rows] == list(range(1, 21)) == list(ROWS)
        assert all(row.items for row in rows)

    def test_a_new_complaint_lacks_what_has_not_happened(self, receiver):
        states = states_of(a_case(receiver), receiver)

        for code in (
            "accepted",
            "severity",
            "findings",
            "answered",
            "reply",
            "closed",
            "satisfied",
        ):
            assert states[code] == "missing"
        for code in ("identity", "matter", "demand", "due", "history"):
            assert states[code] == "found"
        for code in ("ladder", "redress", "approved"):
            assert states[code] == "not-needed"

    def test_what_happened_is_found_with_its_evidence(self, receiver):
        case = archived(a_case(receiver), receiver)

        rows = standard_of_case(case_page(case, receiver, at=AT))

        words = {item.code: item.words for row in rows for item in row.items}
        states = states_of(case, receiver)
        for code in ("accepted", "findings", "cause", "answered", "closed", "satisfied", "timed"):
            assert (states[code], bool(words[code])) == ("found", True), code
        assert "设备老化" in words["cause"]
        assert states["reply"] == states["severity"] == states["told"] == "missing"

    def test_each_record_turns_its_own_thing_and_nothing_else(self, receiver):
        case = a_case(receiver)
        before = states_of(case, receiver)

        note_progress(case.pk, News(text="已联系厂家", told_way=Case.Way.CALL), by=receiver, at=AT)

        after = states_of(case, receiver)
        assert {code for code in after if after[code] != before[code]} == {"told", "asked"}

    def test_an_answer_refused_asks_for_other_ways_told(self, receiver):
        case = answered(taken(a_case(receiver), receiver), receiver)
        record_reply(case.answers.get().pk, is_accepted=False, words="不接受", by=receiver, at=AT)

        assert states_of(case, receiver)["redress"] == "missing"

    def test_a_missed_clock_asks_for_its_escalation(self, receiver):
        case = a_case(receiver)
        sweep_deadlines(at=AT + timedelta(hours=3))
        case.refresh_from_db()
        assert states_of(case, receiver)["ladder"] == "missing"

        StaffFactory(role="supervisor", department=receiver.department)
        escalate_case(case.pk, reason="无人处理", by=receiver, at=AT)

        assert states_of(case, receiver)["ladder"] == "found"

    def test_a_review_scores_it(self, receiver):
        case = a_case(receiver)
        review = Review(safety=1, impact=2, urgency=0, is_major=False, is_urgent=False, reason="轻")
        review_case(case.pk, review, by=receiver, at=AT)

        assert states_of(case, receiver)["severity"] == "found"

    def test_says_in_words_whatever_it_can_find(self):
        assert {one.code for one in items()} == set(_SAYS)

    def test_page_shows_rows_and_leads_to_the_evidence(self, client, receiver):
        case = archived(a_case(receiver), receiver)
        client.force_login(receiver)

        shown = client.get(reverse("cases:standard", args=[case.pk])).content.decode()

        assert f"{reverse('cases:detail', args=[case.pk])}#case-outcome" in shown
        assert shown.count('data-state="missing"') > 3
        assert "缺失" in shown

    def test_is_for_complaints_only_and_for_those_who_see_them(self, client, receiver):
        suggestion = a_case(
            receiver, kind=a_kind(code="suggestion", prefix="JY", is_complaint=False)
        )
        complaint = a_case(receiver)
        client.force_login(receiver)
        assert client.get(reverse("cases:standard", args=[suggestion.pk])).status_code == 404

        client.force_login(a_receiver(department=DepartmentFactory()))
        assert client.get(reverse("cases:standard", args=[complaint.pk])).status_code == 404


class TestQuarter:
    def test_counts_the_same_as_the_complaints_one_by_one(self, receiver, leader):
        kind = a_kind()
        cases = [
            archived(a_case(receiver, kind=kind), receiver),
            a_case(receiver, kind=kind),
            a_case(receiver, kind=kind, demand="退钱"),
        ]
        a_case(receiver, kind=kind, at=AT - timedelta(days=100))

        rows = standard_of_quarter(leader, AUTUMN)

        each = [states_of(case, leader) for case in cases]
        for row in rows:
            for item in row.items:
                if item.code:
                    states = [one[item.code] for one in each]
                    assert item.found == states.count("found"), item.code
                    assert item.lacking == states.count("missing"), item.code

    def test_every_number_opens_the_complaints_it_counted(self, client, receiver, leader):
        kind = a_kind()
        archived(a_case(receiver, kind=kind), receiver)
        a_case(receiver, kind=kind)
        client.force_login(leader)

        for row in standard_of_quarter(leader, AUTUMN):
            for item in row.items:
                if item.code:
                    asked = {"gap": item.code, "since": "2026-10-01", "until": "2026-12-31"}
                    shown = client.get(reverse("cases:ledger"), asked)
                    assert len(shown.context["lines"]) == item.lacking, item.code

    def test_is_counted_in_a_few_queries(self, leader, receiver, django_assert_max_num_queries):
        a_case(receiver)

        with django_assert_max_num_queries(6):
            standard_of_quarter(leader, AUTUMN)

    def test_an_empty_quarter_claims_nothing(self, client, leader):
        rows = standard_of_quarter(leader, Quarter(2020, 1))
        client.force_login(leader)
        shown = client.get(reverse("cases:quarter_standard"), {"quarter": "2020-Q1"})

        assert {item.state for row in rows for item in row.items if item.code} == {"not-needed"}
        assert "没有登记投诉" in shown.content.decode()

    @pytest.mark.parametrize(
        ("day", "code", "first", "last"),
        [
            (date(2026, 1, 1), "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
            (date(2026, 12, 31), "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
            (date(2024, 6, 30), "2024-Q2", date(2024, 4, 1), date(2024, 6, 30)),
        ],
    )
    def test_quarters_have_their_days(self, day, code, first, last):
        quarter = quarter_of(day)

        assert (quarter.code, quarter.first, quarter.last) == (code, first, last)
        assert quarter.next.previous == quarter.previous.next == quarter

    def test_an_unknown_thing_is_lacked_by_nobody(self, receiver):
        a_case(receiver)

        assert not lacking(Case.objects.all(), "nothing")


class TestCompanyProof:
    def test_is_missing_until_somebody_records_it(self, leader):
        def states():
            rows = standard_of_quarter(leader, AUTUMN)
            return {row.number: i.state for row in rows for i in row.items if not i.code}

        assert set(states().values()) == {"missing"}

        proof = Proof(row=17, text="三季度管理评审纪要", happened_on=date(2026, 10, 8))
        record_proof(proof, by=leader, at=AT)

        assert states()[17] == "found"
        assert set(states()) == set(COMPANY_ITEMS)

    def test_a_review_is_proof_for_a_year_and_a_notice_until_replaced(self, leader):
        for row in (1, 17):
            proof = Proof(row=row, text="证据", happened_on=date(2025, 1, 5))
            record_proof(proof, by=leader, at=AT)

        rows = {row.number: row.items[-1].state for row in standard_of_quarter(leader, AUTUMN)}

        assert (rows[1], rows[17]) == ("found", "missing")

    def test_refuses_rows_of_complaints_days_to_come_and_no_words(self, leader, receiver):
        day = date(2026, 11, 1)

        for proof in (
            Proof(row=2, text="证据", happened_on=day),
            Proof(row=1, text=" ", happened_on=day),
            Proof(row=1, text="证据", happened_on=date(2027, 1, 1)),
        ):
            with pytest.raises(Refused):
                record_proof(proof, by=leader, at=AT)
        with pytest.raises(NotPermitted):
            record_proof(Proof(row=1, text="证据", happened_on=day), by=receiver, at=AT)

    def test_is_recorded_on_the_page_with_its_paper(self, client, leader):
        client.force_login(leader)
        paper = SimpleUploadedFile("评审.txt", b"minutes")
        typed = {"row": "17", "text": "管理评审纪要", "happened_on": "2026-01-08", "file": paper}

        client.get(reverse("cases:proof"), {"row": "17"})
        answer = client.post(reverse("cases:proof"), typed)

        record = StandardRecord.objects.get()
        assert answer.status_code == 204
        assert (record.row, bool(record.url)) == (17, True)
        facts = history_of("standard_record", record.pk)
        assert [one.name for one in facts] == ["cases.StandardRecorded"]
