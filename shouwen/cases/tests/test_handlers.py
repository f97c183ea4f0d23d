"""What happens by itself: the ladder, notices, silence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.jobs import notice_silence
from shouwen.cases.models import Case, Escalation
from shouwen.cases.operations.accepting import accept_case, assign_case
from shouwen.cases.operations.climbing import advise_on_escalation, escalate_case
from shouwen.cases.operations.conduct import WrongSeen, report_misconduct
from shouwen.cases.operations.deciding import decide_approval, propose_handling
from shouwen.cases.operations.handing import (
    News,
    Task,
    finish_hand_off,
    hand_off,
    note_progress,
    return_hand_off,
)
from shouwen.cases.operations.promising import promise_customer
from shouwen.cases.tests.make import AT, a_case, a_kind, a_receiver, facts, taken
from shouwen.core.jobs import run_waiting_jobs
from shouwen.deadlines.operations import sweep_deadlines
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def told(staff, *, kind: str = "") -> list[str]:
    """What this person was told since the last time, by the jobs that wait."""
    run_waiting_jobs()
    rows = Notice.objects.filter(staff=staff, kind__startswith=kind or "cases.")
    return list(rows.order_by("pk").values_list("text", flat=True))


@pytest.fixture
def boss(receiver):
    return StaffFactory(role="supervisor", department=receiver.department)


@pytest.fixture
def case(receiver):
    return accept_case(a_case(receiver).pk, by=receiver, at=AT)


class TestClocks:
    @pytest.mark.duty("D638", "D639", "D700")
    def test_a_missed_clock_climbs_the_ladder_by_itself_once(self, case, receiver, boss):
        colleague = a_receiver(department=receiver.department)
        assign_case(case.pk, to=colleague, reason="轮班", by=receiver, at=AT)
        after = case.due_at + timedelta(minutes=1)

        for _round in range(2):
            sweep_deadlines(at=after)
            run_waiting_jobs()

        reached = Escalation.objects.get()
        assert (reached.to, reached.how) == (boss, "missed")
        assert case in Case.objects.overdue(after)
        for person in (receiver, colleague):
            assert any("已超时" in one for one in told(person, kind="cases.clock"))

    @pytest.mark.duty("D224")
    def test_warns_before_the_end(self, case, receiver):
        sweep_deadlines(at=case.due_at - timedelta(minutes=30))

        assert any("时限将到" in one for one in told(receiver))
        assert not Escalation.objects.exists()

    @pytest.mark.duty("D357")
    def test_reminds_of_a_promise_before_and_after(self, case, receiver):
        promise_customer(case.pk, text="回电", due_at=LATER, by=receiver, at=AT)

        sweep_deadlines(at=LATER - timedelta(minutes=10))
        assert any("承诺即将到期" in one for one in told(receiver))
        sweep_deadlines(at=LATER + timedelta(minutes=1))
        assert any("承诺已逾期" in one for one in told(receiver))


class TestPeople:
    @pytest.mark.duty("D090", "D128")
    def test_the_next_level_hears_at_once_and_advice_comes_back(self, case, receiver, boss):
        reached = escalate_case(case.pk, reason="业主激动", by=receiver, at=AT)
        assert any("已升级到您" in one for one in told(boss))

        advise_on_escalation(reached.pk, advice="先道歉", by=boss, at=LATER)
        assert any("上级有指示" in one for one in told(receiver))

    @pytest.mark.duty("D664", "D665", "D108")
    def test_departments_and_first_responder_hear_how_it_goes(self, receiver):
        case = taken(a_case(receiver), receiver)
        engineer = StaffFactory(role="technician", department=DepartmentFactory())
        gardener = StaffFactory(role="technician", department=DepartmentFactory())
        tasks = [
            hand_off(case.pk, Task(department=one.department, task="去看"), by=receiver, at=AT)
            for one in (engineer, gardener)
        ]
        assert any("转办到您的部门" in one for one in told(engineer))

        news = News(text="已到场", hand_off_id=tasks[0].pk)
        note_progress(case.pk, news, by=engineer, at=LATER)
        assert any("有新进展" in one for one in told(receiver))
        assert any("有新进展" in one for one in told(gardener))

        finish_hand_off(tasks[0].pk, result="好了", by=engineer, at=LATER)
        return_hand_off(tasks[1].pk, reason="不归我", by=gardener, at=LATER)
        words = " ".join(told(receiver))
        assert "已完成" in words
        assert "被退回" in words

    def test_questions_reach_who_decides_and_answers_who_asked(self, case, receiver, boss):
        asked = propose_handling(case.pk, proposal="减免", by=receiver, at=AT)
        assert any("等您审批" in one for one in told(boss))

        decide_approval(asked.pk, is_granted=True, by=boss, at=LATER)
        assert any("已批准" in one for one in told(receiver))

    def test_misconduct_reaches_who_grades_and_not_the_accused(self, receiver):
        manager = StaffFactory(role="service_manager")
        accused = StaffFactory(role="service_manager")
        seen = WrongSeen(staff=accused, kind="concealed", text="瞒报")

        report_misconduct(seen, by=receiver, at=AT)

        assert told(manager, kind="cases.conduct")
        assert not told(accused)


@pytest.mark.duty("D351")
def test_silence_reaches_the_supervisor_once(receiver, boss):
    now = timezone.now()
    kind = a_kind(stalled_after_hours=2)
    case = accept_case(a_case(receiver, kind=kind, at=now).pk, by=receiver, at=now)
    Case.objects.filter(pk=case.pk).update(last_progress_at=now - timedelta(hours=3))

    for _round in range(2):
        notice_silence()

    assert facts(case).count("CaseStalled") == 1
    assert len(told(boss, kind="cases.stalled")) == 1
