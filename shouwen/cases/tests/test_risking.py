"""Before it is too late: complaints over our heads, and major matters for the company's leaders."""

from datetime import timedelta

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.operations.accepting import Review, review_case
from shouwen.cases.operations.risking import ToCompany, flag_overhead_risk, hand_to_company
from shouwen.cases.refusals import LadderEnds
from shouwen.cases.tests.make import AT, COMPLAINT, a_case, a_kind, facts
from shouwen.core.errors import Refused

pytestmark = pytest.mark.django_db
TOP = {"role": "deputy_general_manager", "name": "主管副总经理", "is_company": True}
LADDER = [COMPLAINT["ladder"][0], TOP]
DUE = AT + timedelta(days=2)
GIVEN = ToCompany(reason="须由公司决定赔偿", told_way="call", reply_due_at=DUE)


@pytest.fixture
def boss(receiver):
    return StaffFactory(role="supervisor", department=receiver.department)


@pytest.fixture
def leader(receiver):
    return StaffFactory(role="deputy_general_manager")


def major(case, by):
    review = Review(safety=2, impact=3, urgency=1, is_major=True, is_urgent=False)
    return review_case(case.pk, review, by=by, at=AT)


class TestFlagOverheadRisk:
    @pytest.mark.duty("D542")
    def test_asks_the_next_level_for_help_before_it_happens(self, receiver, boss):
        case = a_case(receiver)

        flagged = flag_overhead_risk(case.pk, reason="说要找总部", by=receiver, at=AT)

        assert flagged.has_overhead_risk
        reached = case.escalations.get()
        assert (reached.to, reached.how, reached.reason) == (boss, "risk", "说要找总部")
        assert facts(case)[-2:] == ["OverheadRiskSeen", "CaseEscalated"]

    def test_once_is_enough(self, receiver, boss):
        case = a_case(receiver)
        for _round in range(2):
            flag_overhead_risk(case.pk, reason="说要找总部", by=receiver, at=AT)

        assert case.escalations.count() == 1

    def test_is_flagged_on_the_top_of_the_ladder_too(self, receiver):
        case = a_case(receiver, kind=a_kind(ladder=[]))

        assert flag_overhead_risk(case.pk, reason="说要上访", by=receiver, at=AT).has_overhead_risk

    def test_refuses_without_a_reason(self, receiver):
        with pytest.raises(Refused):
            flag_overhead_risk(a_case(receiver).pk, reason=" ", by=receiver, at=AT)


class TestHandToCompany:
    @pytest.mark.duty("D677")
    def test_leaders_have_it_the_owner_knows_why_and_when_he_hears(self, receiver, boss, leader):
        case = major(a_case(receiver, kind=a_kind(ladder=LADDER)), receiver)

        case = hand_to_company(case.pk, GIVEN, by=receiver, at=AT)

        reached = case.escalations.order_by("level")
        assert [(one.to, one.how) for one in reached] == [(boss, "major"), (leader, "company")]
        assert case.progress.get().told_way == "call"
        assert case.promises.get().due_at == DUE

    def test_no_level_is_skipped(self, receiver, boss, leader):
        case = major(
            a_case(receiver, kind=a_kind(ladder=[TOP | {"is_company": False}, *LADDER])), receiver
        )

        case = hand_to_company(case.pk, GIVEN, by=receiver, at=AT)

        assert list(case.escalations.order_by("pk").values_list("level", flat=True)) == [1, 2, 3]

    def test_refuses_what_is_not_major(self, receiver):
        case = a_case(receiver, kind=a_kind(ladder=LADDER))

        with pytest.raises(Refused):
            hand_to_company(case.pk, GIVEN, by=receiver, at=AT)

    def test_refuses_where_the_ladder_ends_below_the_company(self, receiver):
        case = major(a_case(receiver), receiver)

        with pytest.raises(LadderEnds):
            hand_to_company(case.pk, GIVEN, by=receiver, at=AT)
