"""Proposals, remedies and promises."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.models import Approval, Remedy
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.answering import record_result
from shouwen.cases.operations.closing import archive_case
from shouwen.cases.operations.deciding import (
    RemedyOffer,
    decide_approval,
    offer_remedy,
    propose_handling,
    settle_remedy,
)
from shouwen.cases.operations.promising import (
    keep_promise,
    promise_customer,
    report_trouble,
    tell_customer_of_trouble,
)
from shouwen.cases.queries.cases import approvals_for
from shouwen.cases.refusals import NotReadyToArchive
from shouwen.cases.tests.make import (
    AT,
    a_case,
    answered,
    closing_words,
    facts,
    followed_up,
    taken,
)
from shouwen.core.errors import NotPermitted, Refused
from shouwen.deadlines.queries import running_deadline

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def boss(receiver):
    """王芳, who decides."""
    return StaffFactory(name="王芳", role="supervisor", department=receiver.department)


@pytest.fixture
def case(receiver):
    return accept_case(a_case(receiver).pk, by=receiver, at=AT)


class TestProposal:
    @pytest.mark.duty("D160")
    def test_waits_on_the_superiors_list_and_is_decided_once(self, case, receiver, boss):
        asked = propose_handling(
            case.pk, proposal="减免电梯费", options="道歉；折中：减半", by=receiver, at=AT
        )
        assert list(approvals_for(boss)) == [asked]
        assert asked.options == "道歉；折中：减半"

        with pytest.raises(Refused):
            propose_handling(case.pk, proposal="再来一个", by=receiver, at=AT)
        with pytest.raises(Refused):
            decide_approval(asked.pk, is_granted=False, words=" ", by=boss, at=LATER)
        decide_approval(asked.pk, is_granted=False, words="先修好再说", by=boss, at=LATER)

        with pytest.raises(Refused):
            decide_approval(asked.pk, is_granted=True, by=boss, at=LATER)
        assert not approvals_for(boss).exists()
        assert facts(case)[-2:] == ["ApprovalAsked", "ApprovalDecided"]

    def test_nobody_decides_on_his_own_question(self, case, receiver, boss):
        asked = propose_handling(case.pk, proposal="我说了算", by=boss, at=AT)

        with pytest.raises(NotPermitted):
            decide_approval(asked.pk, is_granted=True, by=boss, at=AT)
        with pytest.raises(NotPermitted):
            decide_approval(asked.pk, is_granted=True, by=receiver, at=AT)
        with pytest.raises(DatabaseError), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(
                decided_by=boss, decided_at=AT, decision="granted"
            )


class TestRemedy:
    @pytest.mark.duty("D071", "D591")
    def test_above_its_limit_it_waits_for_somebody_higher(self, case, receiver, boss):
        small = offer_remedy(
            case.pk, RemedyOffer(code="reduction", amount_fen=5000), by=receiver, at=AT
        )
        large = offer_remedy(
            case.pk, RemedyOffer(code="reduction", amount_fen=5001), by=receiver, at=AT
        )
        assert (small.state, large.state) == ("offered", "waiting")

        decide_approval(large.approval_id, is_granted=True, by=boss, at=LATER)

        large.refresh_from_db()
        assert large.state == Remedy.State.OFFERED
        assert facts(case).count("RemedyOffered") == 2

    @pytest.mark.duty("D348")
    def test_records_what_the_customer_said_and_what_it_cost(self, case, receiver):
        offer = RemedyOffer(code="reduction", amount_fen=3600, cost_fen=1200)
        remedy = offer_remedy(case.pk, offer, by=receiver, at=AT)

        settle_remedy(remedy.pk, state="accepted", customer_words="可以", by=receiver, at=LATER)
        settle_remedy(remedy.pk, state="done", by=receiver, at=LATER)

        remedy.refresh_from_db()
        assert (remedy.state, remedy.customer_words, remedy.cost_fen) == ("done", "可以", 1200)
        with pytest.raises(Refused):
            settle_remedy(remedy.pk, state="accepted", by=receiver, at=LATER)
        assert facts(case)[-1] == "RemedySettled"

    @pytest.mark.parametrize(
        "offer",
        [
            RemedyOffer(code="house"),
            RemedyOffer(code="apology", amount_fen=1),
            RemedyOffer(code="reduction", amount_fen=-1),
        ],
    )
    def test_refuses_what_the_kind_does_not_allow(self, case, receiver, offer):
        with pytest.raises(Refused):
            offer_remedy(case.pk, offer, by=receiver, at=AT)

    def test_no_result_while_a_remedy_waits(self, receiver):
        case = taken(a_case(receiver), receiver)
        offer_remedy(case.pk, RemedyOffer(code="reduction", amount_fen=9000), by=receiver, at=AT)

        with pytest.raises(NotReadyToArchive):
            record_result(case.pk, result="好了", by=receiver, at=AT)


class TestPromise:
    @pytest.mark.duty("D155", "D357", "D549")
    def test_has_a_clock_with_a_reminder_and_is_kept_in_time_or_not(self, case, receiver):
        promise = promise_customer(case.pk, text="17:00 前回电", due_at=LATER, by=receiver, at=AT)
        clock = running_deadline("case_promise", promise.pk, "promise")
        assert (clock.due_at, clock.warn_at) == (LATER, LATER - timedelta(minutes=30))

        keep_promise(promise.pk, by=receiver, at=LATER + timedelta(minutes=1))

        clock.refresh_from_db()
        assert not clock.was_kept
        assert facts(case)[-2:] == ["PromiseMade", "PromiseKept"]

    @pytest.mark.duty("D550")
    def test_trouble_within_the_term_is_told_to_the_customer(self, case, receiver):
        promise = promise_customer(case.pk, text="三点修好", due_at=LATER, by=receiver, at=AT)

        with pytest.raises(Refused):
            tell_customer_of_trouble(promise.pk, by=receiver, at=AT)
        report_trouble(promise.pk, trouble="配件未到", by=receiver, at=AT)
        told = tell_customer_of_trouble(promise.pk, by=receiver, at=AT)

        assert (told.trouble, told.customer_told_at) == ("配件未到", AT)
        assert facts(case)[-1] == "PromiseInTrouble"

    def test_refuses_a_time_gone_by(self, case, receiver):
        with pytest.raises(Refused):
            promise_customer(case.pk, text="昨天", due_at=AT, by=receiver, at=AT)

    def test_an_open_promise_keeps_the_case_out_of_the_archive(self, receiver):
        case = followed_up(answered(taken(a_case(receiver), receiver), receiver), receiver)
        promise_customer(case.pk, text="月底回访", due_at=LATER, by=receiver, at=AT)

        with pytest.raises(NotReadyToArchive):
            archive_case(case.pk, closing_words(case), by=receiver, at=AT)
