"""Letters: each in the book, each before the leader; and how complaints came."""

from datetime import timedelta

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.models import Case, ReceivedLetter
from shouwen.cases.operations.receipts import enter_letter, read_letter
from shouwen.cases.queries.receipts import visible_letters
from shouwen.cases.queries.ways import complaints_by_way
from shouwen.cases.tests.make import AT, a_case, a_kind, facts
from shouwen.core.errors import NotPermitted
from shouwen.core.jobs import run_waiting_jobs
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(receiver):
    return StaffFactory(role="deputy_general_manager", department=receiver.department)


class TestLetterBook:
    @pytest.mark.duty("D679")
    def test_a_letter_is_entered_by_itself_and_put_before_the_leader(self, receiver, leader):
        case = a_case(receiver, way="letter")
        a_case(receiver, way="call", kind=case.kind)

        letter = ReceivedLetter.objects.get()
        assert letter.case == case
        assert letter.number.startswith("SW-")
        assert (letter.by, letter.reported_to) == (receiver, leader)
        run_waiting_jobs()
        assert Notice.objects.filter(staff=leader, kind="cases.letter").count() == 1
        assert "LetterEntered" in facts(case)

    def test_entered_twice_it_is_one_entry(self, receiver, leader):
        case = a_case(receiver, way="letter")

        assert enter_letter(case.pk, by=receiver, at=AT) == ReceivedLetter.objects.get()

    def test_never_before_whom_it_complains_about(self, receiver, leader):
        a_case(receiver, way="letter", accused=leader)

        assert ReceivedLetter.objects.get().reported_to is None
        assert not visible_letters(leader).exists()

    @pytest.mark.duty("D679")
    def test_the_leader_writes_his_instruction(self, receiver, leader):
        case = a_case(receiver, way="letter")
        letter = ReceivedLetter.objects.get()

        with pytest.raises(NotPermitted):
            read_letter(letter.pk, instruction="我来", by=receiver, at=AT)
        read_letter(letter.pk, instruction="三日内书面答复", by=leader, at=AT)

        letter.refresh_from_db()
        assert (letter.read_at, letter.instruction) == (AT, "三日内书面答复")
        assert "LetterRead" in facts(case)
        run_waiting_jobs()
        assert Notice.objects.filter(staff=receiver, text__contains="批示").exists()

    def test_the_book_is_a_page(self, client, receiver, leader):
        case = a_case(receiver, way="letter")
        letter = ReceivedLetter.objects.get()
        client.force_login(leader)

        shown = client.get("/cases/receipts/").content.decode()
        assert letter.number in shown
        assert case.number in shown

        done = client.post(f"/cases/receipts/{letter.pk}/", {"instruction": "请工程部配合"})
        assert done.status_code == 204
        assert "请工程部配合" in client.get("/cases/receipts/").content.decode()

    def test_an_empty_book_says_what_belongs_there(self, client, receiver):
        client.force_login(receiver)

        assert "sw-empty" in client.get("/cases/receipts/").content.decode()


class TestWays:
    @pytest.mark.duty("D678", "D692")
    def test_are_recorded_and_counted_in_person_by_letter_by_phone_and_otherwise(self, receiver):
        kind = a_kind()
        for way in ("visit", "letter", "call", "call", "mail", "form"):
            case = a_case(receiver, kind=kind, way=way)
            assert Case.objects.get(pk=case.pk).way == way
        a_case(receiver, kind=a_kind(code="idea", prefix="JY", is_complaint=False), way="visit")

        counted = complaints_by_way(receiver, since=AT, until=AT + timedelta(days=1))

        assert {one.code: one.count for one in counted} == {
            "visit": 1,
            "letter": 1,
            "call": 2,
            "other": 2,
        }
