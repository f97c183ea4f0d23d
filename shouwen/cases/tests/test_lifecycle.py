"""受理 → 处理 → 答复 → 回访 → 归档: the loop closes, and no stage is skipped."""

from datetime import timedelta

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.models import Answer, Approval, Case, Escalation, FollowUpDuty, StepDone
from shouwen.cases.operations.accepting import (
    Judgement,
    Review,
    accept_case,
    assign_case,
    judge_case,
    review_case,
)
from shouwen.cases.operations.answering import (
    AnswerGiven,
    answer_customer,
    go_on_with_case,
    record_reply,
    record_result,
    wait_for_customer,
)
from shouwen.cases.operations.climbing import (
    advise_on_escalation,
    climb_for_missed_clock,
    escalate_case,
)
from shouwen.cases.operations.closing import archive_case, reopen_case
from shouwen.cases.operations.steps import finish_step, skip_step
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.lists import cases_in_tab
from shouwen.cases.refusals import (
    CaseAlreadyClosed,
    HandlerIsAccused,
    LadderEnds,
    NotReadyToArchive,
    StageForbids,
    StepsOpen,
)
from shouwen.cases.tests.make import (
    AT,
    a_case,
    a_kind,
    a_receiver,
    answered,
    archived,
    closing_words,
    facts,
    followed_up,
    taken,
)
from shouwen.core.errors import NotPermitted, Refused
from shouwen.deadlines.queries import deadlines_of, running_deadline

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.mark.duty("D062", "D063", "D694")
def test_the_whole_way_with_the_time_of_each_stage(receiver):
    case = archived(a_case(receiver), receiver, at=LATER)

    assert case.is_closed
    times = [case.accepted_at, case.handled_at, case.answered_at, case.followed_up_at]
    assert times == [LATER] * 4
    assert not deadlines_of("case", case.pk).running().exists()
    told = facts(case)
    expected = ["CaseOpened", "CaseAccepted", "CaseHandled", "FollowUpOwed", "CaseAnswered"]
    expected += ["FollowUpRecorded", "CaseArchived"]
    assert [name for name in told if name in expected] == expected


class TestAcceptCase:
    def test_starts_the_clock_of_handling_the_same_day(self, receiver):
        case = a_case(receiver)

        case = accept_case(case.pk, by=receiver, at=AT)

        assert (case.stage, case.handler) == (Case.Stage.HANDLE, receiver)
        assert case.due_at == AT.replace(hour=9, minute=30)  # 17:30 in Shanghai

    def test_refuses_the_person_complained_about(self, receiver):
        case = a_case(a_receiver(department=receiver.department), accused=receiver)

        with pytest.raises(HandlerIsAccused):
            accept_case(case.pk, by=receiver, at=AT)
        assert case not in visible_cases(receiver)

    @pytest.mark.duty("D021", "D681", "D682")
    def test_waits_for_the_steps_of_acceptance(self, receiver):
        steps = [
            {"code": "hear", "name": "听清楚", "stage": "accept"},
            {"code": "ask", "name": "问清楚并复述", "stage": "accept"},
        ]
        case = a_case(receiver, kind=a_kind(steps=steps))
        finish_step(case.pk, code="hear", by=receiver, at=AT)

        with pytest.raises(StepsOpen, match="问清楚并复述"):
            accept_case(case.pk, by=receiver, at=AT)
        with pytest.raises(Refused):
            skip_step(case.pk, code="ask", reason=" ", by=receiver, at=AT)
        skip_step(case.pk, code="ask", reason="来函，无法当面复述", by=receiver, at=AT)

        assert accept_case(case.pk, by=receiver, at=AT).stage == Case.Stage.HANDLE
        assert StepDone.objects.get(code="ask").skip_reason == "来函，无法当面复述"
        assert "StepFinished" in facts(case)


class TestAssignCase:
    @pytest.mark.duty("D270", "D437", "D665")
    def test_the_first_responder_stays_on_it(self, receiver):
        colleague = a_receiver(department=receiver.department)
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)

        assign_case(case.pk, to=colleague, reason="电梯专员", by=receiver, at=LATER)

        case.refresh_from_db()
        assert (case.handler, case.first_responder) == (colleague, receiver)
        assert list(cases_in_tab(receiver, "first", at=AT)) == [case]
        assert facts(case)[-1] == "CaseAssigned"

    def test_refuses_whom_the_complaint_is_about(self, receiver):
        accused = a_receiver(department=receiver.department)
        case = accept_case(a_case(receiver, accused=accused).pk, by=receiver, at=AT)

        with pytest.raises(HandlerIsAccused):
            assign_case(case.pk, to=accused, reason="他熟悉", by=receiver, at=AT)

    def test_refuses_a_stranger(self, receiver):
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)
        stranger = a_receiver(department=receiver.department)

        with pytest.raises(NotPermitted):
            assign_case(case.pk, to=stranger, reason="我来", by=stranger, at=AT)


class TestJudgeCase:
    @pytest.mark.duty("D661", "D662")
    def test_needs_a_reason_and_may_name_the_clause(self, receiver):
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)

        with pytest.raises(Refused):
            judge_case(case.pk, Judgement(is_valid=True, reason=""), by=receiver, at=AT)
        judged = judge_case(
            case.pk,
            Judgement(is_valid=True, reason="合同约定", contract_clause="物业合同第 8 条"),
            by=receiver,
            at=AT,
        )

        assert (judged.validity, judged.contract_clause) == ("valid", "物业合同第 8 条")
        assert facts(case)[-1] == "CaseJudged"

    @pytest.mark.duty("D663")
    def test_an_invalid_one_is_helped_or_refused_and_answered_all_the_same(self, receiver):
        case = a_case(receiver, kind=a_kind(needs_approval="never"))
        accept_case(case.pk, by=receiver, at=AT)

        with pytest.raises(Refused):
            judge_case(case.pk, Judgement(is_valid=False, reason="邻里纠纷"), by=receiver, at=AT)
        judge_case(
            case.pk,
            Judgement(is_valid=False, reason="邻里纠纷", invalid_choice="refuse"),
            by=receiver,
            at=AT,
        )
        record_result(case.pk, result="不属物业职责，已说明。", by=receiver, at=AT)
        given = AnswerGiven(way="call", text="此事属邻里纠纷，建议找社区。", is_not_ours=True)

        assert answer_customer(case.pk, given, by=receiver, at=AT).is_not_ours


class TestReviewCase:
    @pytest.mark.duty("D090", "D668")
    def test_a_major_one_goes_up_at_once(self, receiver):
        boss = StaffFactory(role="supervisor", department=receiver.department)
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)
        review = Review(safety=3, impact=2, urgency=2, is_major=True, is_urgent=False)

        reviewed = review_case(case.pk, review, by=receiver, at=LATER)

        reached = Escalation.objects.get()
        assert (reached.to, reached.how, reached.at) == (boss, "major", LATER)
        assert reviewed.severity_score == 7
        assert "CaseReviewed" in facts(case)

    @pytest.mark.duty("D693", "D698", "D699")
    def test_an_urgent_one_goes_to_the_manager_on_duty_then_to_the_chief(self, receiver):
        duty = StaffFactory(role="duty_manager", department=receiver.department)
        chief = StaffFactory(role="chief_property_manager")
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)
        review = Review(safety=3, impact=1, urgency=3, is_major=False, is_urgent=True)

        review_case(case.pk, review, by=receiver, at=AT)
        escalate_case(case.pk, reason="超出部门经理权限", by=receiver, at=LATER)

        assert [one.to for one in Escalation.objects.order_by("pk")] == [duty, chief]

    @pytest.mark.duty("D700")
    def test_the_clock_follows_the_nature_and_buys_no_time(self, receiver):
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)
        review = Review(safety=1, impact=1, urgency=3, is_major=False, is_urgent=True)

        reviewed = review_case(case.pk, review, by=receiver, at=AT + timedelta(days=1))

        clock = running_deadline("case", case.pk, "handle")
        assert clock.started_at == AT
        assert reviewed.due_at == AT.replace(day=26, hour=9, minute=30)

    def test_a_change_needs_a_reason(self, receiver):
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)
        review = Review(safety=1, impact=1, urgency=1, is_major=False, is_urgent=False)
        review_case(case.pk, review, by=receiver, at=AT)

        with pytest.raises(Refused):
            review_case(case.pk, review, by=receiver, at=AT)


class TestLadder:
    @pytest.mark.duty("D128", "D635")
    def test_climbs_level_by_level_and_ends(self, receiver):
        boss = StaffFactory(role="supervisor", department=receiver.department)
        deputy = StaffFactory(role="deputy_general_manager")
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)

        first = escalate_case(case.pk, reason="业主情绪激动", by=receiver, at=AT)
        second = escalate_case(case.pk, reason="主管也无法决定", by=receiver, at=LATER)

        assert [(one.level, one.to) for one in (first, second)] == [(1, boss), (2, deputy)]
        assert boss in {one.to for one in case.escalations.all()}
        assert case in visible_cases(deputy)
        with pytest.raises(LadderEnds):
            escalate_case(case.pk, reason="再高", by=receiver, at=LATER)

    def test_a_missed_clock_climbs_only_at_its_stage(self, receiver):
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)

        assert climb_for_missed_clock(case.pk, stage="accept", by=receiver, at=LATER) is None
        reached = climb_for_missed_clock(case.pk, stage="handle", by=receiver, at=LATER)

        assert reached.how == Escalation.How.MISSED
        assert facts(case)[-1] == "CaseEscalated"

    @pytest.mark.duty("D543")
    def test_the_superior_gives_advice(self, receiver):
        boss = StaffFactory(role="supervisor", department=receiver.department)
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)
        reached = escalate_case(case.pk, reason="拿不准", by=receiver, at=AT)

        with pytest.raises(NotPermitted):
            advise_on_escalation(reached.pk, advice="自己看着办", by=receiver, at=AT)
        advised = advise_on_escalation(reached.pk, advice="先道歉，再约时间", by=boss, at=LATER)

        assert (advised.advice, advised.advised_at) == ("先道歉，再约时间", LATER)
        assert facts(case)[-1] == "EscalationAdvised"


class TestAnswerCustomer:
    def given(self, **changes):
        words = {"way": "call", "text": "下午修好", "method": "换门机", "works_from": LATER}
        return AnswerGiven(**{**words, **changes})

    def handled(self, receiver, **draft):
        case = taken(a_case(receiver, **draft), receiver)
        return record_result(case.pk, result="已修好", by=receiver, at=AT)

    @pytest.mark.duty("D686")
    @pytest.mark.parametrize("lacking", [{"method": ""}, {"works_from": None}])
    def test_refuses_an_answer_without_concrete_time_and_method(self, receiver, lacking):
        case = self.handled(receiver)

        with pytest.raises(Refused):
            answer_customer(case.pk, self.given(**lacking), by=receiver, at=AT)

    @pytest.mark.duty("D680", "D701")
    @pytest.mark.parametrize("way", ["visit", "letter", "call"])
    def test_goes_back_the_way_the_complaint_came(self, receiver, way):
        case = self.handled(receiver, way=way)
        other = "mail"

        with pytest.raises(Refused):
            answer_customer(case.pk, self.given(way=other), by=receiver, at=AT)
        answer = answer_customer(case.pk, self.given(way=way), by=receiver, at=AT)

        assert answer.way == way
        assert Case.objects.get(pk=case.pk).stage == Case.Stage.FOLLOW_UP
        assert FollowUpDuty.objects.get(case=case).owner == receiver

    def test_may_go_another_way_with_a_reason(self, receiver):
        case = self.handled(receiver, way="letter")

        given = self.given(way="call", other_way_reason="业主要求电话答复")

        assert answer_customer(case.pk, given, by=receiver, at=AT).other_way_reason

    def test_one_that_is_not_accepted_is_worked_on_again(self, receiver):
        case = answered(taken(a_case(receiver), receiver), receiver)
        answer = Answer.objects.get()

        record_reply(answer.pk, is_accepted=False, words="还是有异响", by=receiver, at=LATER)

        case.refresh_from_db()
        assert (case.stage, case.reopened_count) == (Case.Stage.HANDLE, 1)
        assert not FollowUpDuty.objects.exists()
        assert "AnswerReplied" in facts(case)
        with pytest.raises(Refused):
            record_reply(answer.pk, is_accepted=True, by=receiver, at=LATER)


class TestWaiting:
    def test_clocks_stand_still_while_we_wait_for_the_customer(self, receiver):
        case = accept_case(a_case(receiver).pk, by=receiver, at=AT)

        wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=LATER)
        went_on = go_on_with_case(case.pk, by=receiver, at=LATER + timedelta(days=1))

        # 5.5 working hours were left at eleven on Monday; they count from eleven on Tuesday.
        assert went_on.due_at == AT.replace(day=24, hour=9, minute=30)
        assert facts(case)[-2:] == ["CaseWaits", "CaseGoesOn"]


class TestArchiveCase:
    @pytest.mark.duty("D062", "D063")
    def test_refuses_without_answer_and_follow_up(self, receiver):
        case = taken(a_case(receiver), receiver)

        with pytest.raises(StageForbids):
            archive_case(case.pk, closing_words(case), by=receiver, at=AT)
        case = answered(case, receiver)
        with pytest.raises(StageForbids):
            archive_case(case.pk, closing_words(case), by=receiver, at=AT)

    @pytest.mark.duty("D067", "D068")
    @pytest.mark.parametrize(
        "lacking", [{"cause": None}, {"corrective_action": " "}, {"is_won_back": None}]
    )
    def test_refuses_without_cause_corrective_action_and_won_back(self, receiver, lacking):
        case = followed_up(answered(taken(a_case(receiver), receiver), receiver), receiver)

        with pytest.raises(NotReadyToArchive) as refusal:
            archive_case(case.pk, closing_words(case, **lacking), by=receiver, at=AT)

        assert len(refusal.value.missing) == 1

    @pytest.mark.duty("D355", "D583")
    def test_a_cause_that_blames_the_customer_needs_evidence(self, receiver):
        case = followed_up(answered(taken(a_case(receiver), receiver), receiver), receiver)

        with pytest.raises(Refused, match="使用不当"):
            archive_case(case.pk, closing_words(case, "misuse"), by=receiver, at=AT)
        words = closing_words(case, "misuse", cause_evidence="监控 10:21 强行扒门")

        assert archive_case(case.pk, words, by=receiver, at=AT).cause_evidence

    def test_a_dissatisfied_customer_reopens_it(self, receiver):
        case = followed_up(
            answered(taken(a_case(receiver), receiver), receiver), receiver, "dissatisfied"
        )

        assert (case.stage, case.reopened_count) == (Case.Stage.HANDLE, 1)
        assert facts(case)[-1] == "CaseReopened"

    def test_unreachable_counts_after_the_third_try(self, receiver):
        case = answered(taken(a_case(receiver), receiver), receiver)

        stages = [followed_up(case, receiver, "unreachable").stage for _try in range(3)]

        assert stages == ["follow_up", "follow_up", "archive"]

    def test_nothing_is_changed_in_the_archive(self, receiver):
        case = archived(a_case(receiver), receiver)

        with pytest.raises(CaseAlreadyClosed):
            wait_for_customer(case.pk, reason="等", by=receiver, at=AT)

    def test_reopening_keeps_all_and_counts(self, receiver):
        case = archived(a_case(receiver), receiver)

        reopen_case(case.pk, reason="电梯又停了", by=receiver, at=LATER)

        case.refresh_from_db()
        assert (case.closed_at, case.stage, case.reopened_count) == (None, "handle", 1)
        assert case.result
        assert case.answers.count() == 1
        assert Approval.objects.filter(case=case).count() == 1
        with pytest.raises(Refused):
            reopen_case(case.pk, reason="再开", by=receiver, at=LATER)
