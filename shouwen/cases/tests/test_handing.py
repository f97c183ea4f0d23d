"""Work handed to departments: received, talked about, done with a result."""

from datetime import timedelta

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, HandOff
from shouwen.cases.operations.accepting import Judgement, accept_case, judge_case
from shouwen.cases.operations.answering import record_result
from shouwen.cases.operations.deciding import decide_approval, propose_handling
from shouwen.cases.operations.handing import (
    News,
    Task,
    finish_hand_off,
    hand_off,
    mark_stalled,
    note_progress,
    receive_hand_off,
    return_hand_off,
)
from shouwen.cases.queries.cases import tasks_for, visible_cases
from shouwen.cases.refusals import ApprovalNeeded, NotReadyToArchive
from shouwen.cases.tests.make import AT, a_case, a_kind, facts, taken
from shouwen.core.errors import NotPermitted, Refused

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def engineer(calendars):
    """张工 of engineering."""
    engineering = DepartmentFactory(name="工程部", code="engineering")
    return StaffFactory(name="张工", role="technician", department=engineering)


@pytest.fixture
def case(receiver):
    return taken(a_case(receiver), receiver)


def handed(case: Case, to, by, **more) -> HandOff:
    task = Task(department=to.department, task="现场检查、恢复运行", **more)
    return hand_off(case.pk, task, by=by, at=AT)


class TestHandOff:
    @pytest.mark.duty("D002", "D269", "D347", "D411", "D466", "D634")
    def test_carries_the_customers_words_and_leaves_the_case_with_us(
        self, case, engineer, receiver
    ):
        task = handed(case, engineer, receiver, due_at=LATER)

        case.refresh_from_db()
        assert task.customer_words == case.matter
        assert (task.sent_at - case.opened_at) == timedelta()
        assert (case.handler, case.first_responder) == (receiver, receiver)
        assert case in visible_cases(engineer)
        assert list(tasks_for(engineer)) == [task]

    @pytest.mark.duty("D639")
    def test_gives_three_days_once_handed_over(self, case, engineer, receiver):
        assert case.due_at == AT.replace(hour=9, minute=30)

        handed(case, engineer, receiver)

        case.refresh_from_db()
        assert case.due_at == AT.replace(day=26, hour=9, minute=30)

    @pytest.mark.duty("D669", "D697")
    def test_waits_for_the_approval_of_the_proposal(self, receiver, engineer):
        case = a_case(receiver)
        accept_case(case.pk, by=receiver, at=AT)
        judge_case(case.pk, Judgement(is_valid=True, reason="是"), by=receiver, at=AT)
        with pytest.raises(ApprovalNeeded):
            handed(case, engineer, receiver)

        boss = StaffFactory(role="supervisor", department=receiver.department)
        asked = propose_handling(case.pk, proposal="请工程部检修", by=receiver, at=AT)
        decide_approval(asked.pk, is_granted=True, by=boss, at=AT)

        assert handed(case, engineer, receiver).state == HandOff.State.SENT

    def test_refuses_gone_departments_strangers_and_past_times(self, case, engineer, receiver):
        gone = DepartmentFactory(is_active=False)
        wrong = [
            Task(department=gone, task="检查"),
            Task(department=engineer.department, staff=receiver, task="检查"),
            Task(department=engineer.department, task="检查", due_at=AT),
            Task(department=engineer.department, task="  "),
        ]
        for task in wrong:
            with pytest.raises(Refused):
                hand_off(case.pk, task, by=receiver, at=AT)
        assert not HandOff.objects.exists()


class TestReceiving:
    @pytest.mark.duty("D016", "D194")
    def test_is_marked_with_name_and_time_once(self, case, engineer, receiver):
        task = handed(case, engineer, receiver)

        receive_hand_off(task.pk, by=engineer, at=LATER)
        receive_hand_off(task.pk, by=engineer, at=LATER + timedelta(hours=1))

        task.refresh_from_db()
        assert (task.received_by, task.received_at) == (engineer, LATER)
        assert facts(case).count("HandOffReceived") == 1

    def test_refuses_another_department(self, case, engineer, receiver):
        task = handed(case, engineer, receiver)
        gardener = StaffFactory(role="technician", department=DepartmentFactory())

        with pytest.raises(NotPermitted):
            receive_hand_off(task.pk, by=gardener, at=LATER)


class TestFinishing:
    @pytest.mark.duty("D012", "D110")
    def test_no_result_no_end_and_the_case_waits_for_all(self, case, engineer, receiver):
        task = handed(case, engineer, receiver)

        with pytest.raises(NotReadyToArchive):
            record_result(case.pk, result="修好了", by=receiver, at=LATER)
        with pytest.raises(Refused):
            finish_hand_off(task.pk, result=" ", by=engineer, at=LATER)
        done = finish_hand_off(task.pk, result="更换门机，恢复运行", by=engineer, at=LATER)

        assert (done.state, done.received_by) == (HandOff.State.DONE, engineer)
        assert record_result(case.pk, result="修好了", by=receiver, at=LATER).stage == "answer"
        expected = ["HandedOff", "HandOffDone", "CaseHandled"]
        assert [name for name in facts(case) if name in expected] == expected

    def test_may_be_returned_or_taken_back_with_a_reason(self, case, engineer, receiver):
        theirs, ours = (handed(case, engineer, receiver) for _number in range(2))

        returned = return_hand_off(theirs.pk, reason="属保安部", by=engineer, at=LATER)
        withdrawn = return_hand_off(ours.pk, reason="重复", by=receiver, at=LATER)

        assert (returned.state, withdrawn.state) == ("returned", "withdrawn")
        with pytest.raises(Refused):
            finish_hand_off(theirs.pk, result="做了", by=engineer, at=LATER)
        assert facts(case)[-1] == "HandOffReturned"


class TestProgress:
    @pytest.mark.duty("D108", "D223", "D688")
    def test_is_noted_by_whoever_has_the_task_and_may_tell_the_customer(
        self, case, engineer, receiver
    ):
        task = handed(case, engineer, receiver)

        note_progress(case.pk, News(text="已到场", hand_off_id=task.pk), by=engineer, at=LATER)
        told = News(text="配件三点到", told_way="call", customer_opinion="可以等")
        note = note_progress(case.pk, told, by=receiver, at=LATER)

        task.refresh_from_db()
        assert task.last_progress_at == LATER
        assert (note.told_way, note.customer_opinion) == ("call", "可以等")
        with pytest.raises(NotPermitted):
            note_progress(case.pk, News(text="我也说一句"), by=engineer, at=LATER)
        assert facts(case)[-1] == "ProgressNoted"

    @pytest.mark.duty("D224", "D351")
    def test_a_silent_case_is_announced_once_a_silence(self, receiver):
        case = accept_case(
            a_case(receiver, kind=a_kind(stalled_after_hours=4)).pk, by=receiver, at=AT
        )
        system, silent = system_staff(), AT + timedelta(hours=5)

        assert not mark_stalled(case.pk, by=system, at=LATER)
        assert mark_stalled(case.pk, by=system, at=silent)
        assert not mark_stalled(case.pk, by=system, at=silent + timedelta(hours=1))
        assert list(visible_cases(receiver).silent(silent, hours=4)) == [case]

        note_progress(case.pk, News(text="有进展"), by=receiver, at=silent)
        assert not list(visible_cases(receiver).silent(silent, hours=4))
        assert mark_stalled(case.pk, by=system, at=silent + timedelta(hours=4))
        assert facts(case).count("CaseStalled") == 2
