"""Short words for what nearly every test of cases needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import Case, CaseCategory, CaseKind, FollowUpDuty
from shouwen.cases.operations.accepting import Judgement, accept_case, judge_case
from shouwen.cases.operations.answering import AnswerGiven, answer_customer, record_result
from shouwen.cases.operations.closing import (
    ClosingWords,
    FollowUpTold,
    archive_case,
    record_follow_up,
)
from shouwen.cases.operations.deciding import decide_approval, propose_handling
from shouwen.cases.operations.kinds import install_kinds
from shouwen.cases.operations.opening import CaseDraft, open_case
from shouwen.core.history import history_of
from shouwen.customers.tests.factories import CustomerFactory

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, ten o'clock in Shanghai

COMPLAINT: dict[str, Any] = {
    "code": "complaint",
    "name": "投诉",
    "prefix": "TS",
    "is_complaint": True,
    "needs_demand": True,
    "needs_judging": True,
    "needs_approval": "ordinary",
    "needs_follow_up": True,
    "needs_cause": True,
    "fields": [
        {"code": "area", "name": "区域", "required_from": "accept", "is_place": True},
        {"code": "room", "name": "房号", "required_from": "accept", "is_place": True},
        {"code": "phone", "name": "联系电话", "type": "phone", "required_from": "accept"},
        {"code": "fee", "name": "费用", "type": "money"},
    ],
    "categories": [{"code": "lift", "name": "电梯"}, {"code": "noise", "name": "噪音"}],
    "causes": [
        {"code": "equipment", "name": "设备老化"},
        {"code": "misuse", "name": "使用不当", "needs_evidence": True},
    ],
    "clocks": [
        {"stage": "accept", "minutes": 30, "warn_minutes": 10},
        {"stage": "handle", "days": 3, "is_urgent": True},
        {"stage": "handle", "days": 3, "is_handed_over": True},
        {"stage": "handle", "days": 0, "warn_minutes": 120},
        {"stage": "answer", "days": 0},
        {"stage": "follow_up", "days": 3},
    ],
    "ladder": [
        {"role": "supervisor", "name": "客服主管"},
        {"role": "deputy_general_manager", "name": "主管副总经理"},
    ],
    "urgent_ladder": [
        {"role": "duty_manager", "name": "当值部门经理"},
        {"role": "chief_property_manager", "name": "总物业经理"},
    ],
    "remedies": [
        {"code": "apology", "name": "道歉"},
        {
            "code": "reduction",
            "name": "减免",
            "has_amount": True,
            "free_limit_fen": 5000,
            "approver_role": "supervisor",
        },
    ],
}
VALUES = {"area": "3栋", "room": "1102", "phone": "13800137719"}


def a_kind(**changes: Any) -> CaseKind:
    """The complaint, or a kind that differs from it in these points."""
    definition = KindDefinition.model_validate({**COMPLAINT, **changes})
    install_kinds([definition], pack="test", by=system_staff())
    return CaseKind.objects.get(code=definition.code)


def a_receiver(**fields: Any) -> Staff:
    """Somebody who takes complaints, in a department."""
    return StaffFactory(role=fields.pop("role", "agent"), **fields)


def a_case(by: Staff, *, kind: CaseKind | None = None, at: datetime = AT, **draft: Any) -> Case:
    """A registered complaint."""
    values = {
        "kind": kind or a_kind(),
        "matter": "电梯再次停运，母亲坐轮椅无法下楼。",
        "demand": "13:30 前能安全下楼；电梯彻底修好。",
        "way": Case.Way.CALL,
        "values": VALUES,
        **draft,
    }
    values.setdefault("customer", CustomerFactory())
    return open_case(CaseDraft(**values), by=by, at=at)


def taken(case: Case, by: Staff, *, at: datetime = AT) -> Case:
    """Accepted, judged valid, the proposal approved by a supervisor."""
    accept_case(case.pk, by=by, at=at)
    judge_case(case.pk, Judgement(is_valid=True, reason="合同范围内"), by=by, at=at)
    if case.kind.defined.needs_approval != "never":
        asked = propose_handling(case.pk, proposal="派电梯公司检修", by=by, at=at)
        boss = StaffFactory(role="supervisor", department=by.department)
        decide_approval(asked.pk, is_granted=True, by=boss, at=at)
    case.refresh_from_db()
    return case


def answered(case: Case, by: Staff, *, at: datetime = AT) -> Case:
    """With a result, and the customer has heard it by phone."""
    record_result(case.pk, result="门机故障已排除，电梯恢复。", by=by, at=at)
    given = AnswerGiven(
        way=Case.Way.CALL,
        text="电梯已修好。",
        method="更换门机",
        works_from=at + timedelta(hours=1),
    )
    answer_customer(case.pk, given, by=by, at=at)
    case.refresh_from_db()
    return case


def followed_up(case: Case, by: Staff, result: str = "satisfied", *, at: datetime = AT) -> Case:
    """The customer was asked."""
    told = FollowUpTold(result=FollowUpDuty.Result(result), way=Case.Way.CALL, words="还行")
    record_follow_up(case.pk, told, by=by, at=at)
    case.refresh_from_db()
    return case


def closing_words(case: Case, cause_code: str = "equipment", **changes: Any) -> ClosingWords:
    """What the archive asks for."""
    causes = CaseCategory.objects.filter(axis=CaseCategory.Axis.CAUSE)
    node = causes.get(kind_id=case.kind_id, code=cause_code)
    words = {"cause": node, "corrective_action": "每月检查门机", "is_won_back": True, **changes}
    return ClosingWords(**words)


def archived(case: Case, by: Staff, *, at: datetime = AT) -> Case:
    """The whole way."""
    followed_up(answered(taken(case, by, at=at), by, at=at), by, at=at)
    archive_case(case.pk, closing_words(case), by=by, at=at)
    case.refresh_from_db()
    return case


def facts(case: Case) -> list[str]:
    """The names of what history tells of a case, oldest first."""
    rows = history_of("case", case.pk).order_by("pk")
    return [row.name.partition(".")[2] for row in rows]
