"""What whoever handles a complaint has before his eyes, in which order, and what it came to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouwen.accounts.queries import system_staff
from shouwen.cases.models import Case, CaseKind
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.answering import record_result
from shouwen.cases.operations.deciding import RemedyOffer, offer_remedy
from shouwen.cases.operations.handing import Task, hand_off
from shouwen.cases.operations.steps import finish_step, skip_step
from shouwen.cases.queries.pages import case_page
from shouwen.cases.queries.strategy import strategy_of
from shouwen.cases.refusals import StepsOpen
from shouwen.cases.tests.make import AT, VALUES, a_case, taken
from shouwen.conversations.tests.factories import ConversationFactory
from shouwen.packs.loading import packs_folder, read_pack
from shouwen.packs.operations import install_pack

pytestmark = pytest.mark.django_db


def complaint_of(pack: str) -> CaseKind:
    """The complaint as this pack brings it."""
    install_pack(read_pack(packs_folder() / pack), by=system_staff())
    return CaseKind.objects.get(code="complaint")


def case_of(pack: str, by, **draft) -> Case:
    """A complaint as this pack has it, just registered."""
    values = {**VALUES, "unit": "1单元", "happened_at": "2026-11-23T09:30"}
    kind = complaint_of(pack)
    known = {one.code for one in kind.defined.fields}
    kept = {code: value for code, value in values.items() if code in known}
    return a_case(by, kind=kind, values=kept, **draft)


def page_of(client, case: Case, by) -> str:
    client.force_login(by)
    return client.get(reverse("cases:detail", args=[case.pk])).content.decode()


class TestShownAtHandling:
    @pytest.mark.duty("D070", "D268")
    @pytest.mark.parametrize("pack", ["general", "property"])
    def test_the_statements_about_customer_and_brand(self, client, receiver, pack):
        shown = page_of(client, case_of(pack, receiver), receiver)

        for words in (
            "顾客永远都是对的",
            "用户永远是对的",
            "以客户为中心",
            "顾客是商品的购买者，不是麻烦的制造者",
            "顾客最了解自己的需求、爱好",
            "企业需要收集的信息",
            "失去品牌比损失一次交易更可怕",
        ):
            assert words in shown

    @pytest.mark.duty("D660")
    def test_the_attitude_of_serving_the_owner(self, client, receiver):
        shown = page_of(client, case_of("property", receiver), receiver)

        assert "始终贯穿“为业主服务”的态度" in shown

    @pytest.mark.duty("D069")
    def test_the_four_points_of_the_strategy_with_what_they_came_to(self, client, receiver):
        case = case_of("general", receiver)
        task = Task(department=receiver.department, task="核实", due_at=AT + timedelta(hours=4))
        for step in ("hear", "ask", "write"):
            finish_step(case.pk, code=step, by=receiver, at=AT)
        taken(case, receiver)
        hand_off(case.pk, task, by=receiver, at=AT)
        offer = RemedyOffer(code="coupon", amount_fen=1500, cost_fen=1200)
        offer_remedy(case.pk, offer, by=receiver, at=AT)
        case.refresh_from_db()

        measured = strategy_of(case_page(case, receiver, at=AT), at=AT + timedelta(hours=3))
        shown = page_of(client, case, receiver)

        assert (measured.hand_offs, measured.cost_fen, measured.hours) == (1, 1200, 3.0)
        assert measured.is_won_back is None
        for words in ("渠道短", "代价平", "速度快", "认识服务与品牌的关系", "转办 1 次", "¥12.00"):
            assert words in shown


class TestOrderOfTheSteps:
    @pytest.mark.duty("D658", "D659", "D091")
    def test_nobody_handles_before_he_has_calmed_and_left_the_public_place(self, receiver):
        case = case_of("property", receiver, way=Case.Way.VISIT)
        codes = [step.code for step in case.kind.defined.steps if step.stage == "accept"]
        assert codes.index("reception_room") < codes.index("calm") < codes.index("ask")
        for code in ("hear", "ask", "write"):
            finish_step(case.pk, code=code, by=receiver, at=AT)

        with pytest.raises(StepsOpen) as refusal:
            accept_case(case.pk, by=receiver, at=AT)
        assert "请到接待室" in str(refusal.value)
        assert "先安抚心情，再处理事情" in str(refusal.value)

        finish_step(case.pk, code="calm", by=receiver, at=AT)
        skip_step(case.pk, code="reception_room", reason="来电，不在现场", by=receiver, at=AT)
        accept_case(case.pk, by=receiver, at=AT)

    @pytest.mark.duty("D572")
    def test_investigates_tracks_urges_and_reports_to_headquarters_and_customer(self, receiver):
        case = case_of("general", receiver)
        steps = {step.name: step.stage for step in case.kind.defined.steps}

        assert steps["多方调查"] == steps["跟踪"] == "handle"
        assert steps["督促被投诉部门或机构"] == "handle"
        assert steps["反馈上级或总公司"] == "follow_up"
        for step in ("hear", "ask", "write"):
            finish_step(case.pk, code=step, by=receiver, at=AT)
        taken(case, receiver)
        with pytest.raises(StepsOpen) as refusal:
            record_result(case.pk, result="已退款。", by=receiver, at=AT)
        for words in ("多方调查", "跟踪", "督促被投诉部门或机构"):
            assert words in str(refusal.value)


class TestWriteWhileOnThePhone:
    @pytest.mark.duty("D683")
    def test_a_call_still_going_on_is_written_into_the_form_as_it_is_heard(self, client, receiver):
        complaint_of("property")
        talk = ConversationFactory(channel="phone", handler=receiver)
        client.force_login(receiver)

        form = client.get(
            reverse("cases:new"), {"kind": "complaint", "conversation": talk.pk}
        ).context["form"]
        case = case_of("property", receiver, conversation=talk)

        assert form.initial["way"] == Case.Way.CALL
        assert talk.closed_at is None
        step = client.get(reverse("cases:step", args=[case.pk, "write"])).content.decode()
        assert "左手话筒右手笔" in step
