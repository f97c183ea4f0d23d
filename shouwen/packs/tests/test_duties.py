"""What the packs bring does what the source documents ask for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, CaseKind, Remedy
from shouwen.cases.operations.accepting import (
    Judgement,
    accept_case,
    judge_case,
)
from shouwen.cases.operations.answering import AnswerGiven, answer_customer, record_result
from shouwen.cases.operations.climbing import escalate_case
from shouwen.cases.operations.deciding import (
    RemedyOffer,
    decide_approval,
    offer_remedy,
    propose_handling,
    settle_remedy,
)
from shouwen.cases.operations.handing import Task, finish_hand_off, hand_off, receive_hand_off
from shouwen.cases.operations.kinds import install_kinds
from shouwen.cases.operations.opening import FormChange, change_case_form
from shouwen.cases.operations.steps import finish_step
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.pages import case_page
from shouwen.cases.queries.remedies import remedy_queue, total_fen
from shouwen.cases.refusals import FormIncomplete, NotReadyToArchive, StepsOpen
from shouwen.cases.tests.make import a_case, followed_up
from shouwen.core.errors import Refused
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.tests.factories import CustomerFactory
from shouwen.deadlines.operations import install_calendars
from shouwen.notices.models import Notice
from shouwen.packs.loading import shipped_packs

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, ten o'clock in Shanghai
HOUR = timedelta(hours=1)
PACKS = {pack.info.code: pack for pack in shipped_packs()}
TROUBLE = {"product": "车载终端平台", "symptom": "无法定位", "intake": "answer_now"}


@pytest.fixture
def service(db):
    install_calendars(by=system_staff())
    return DepartmentFactory(name="客服中心")


@pytest.fixture
def agent(service):
    return StaffFactory(name="李敏", role="agent", department=service)


@pytest.fixture
def boss(service):
    return StaffFactory(name="吴主管", role="supervisor", department=service)


def kind(code: str, pack: str = "general") -> CaseKind:
    wanted = [one for one in PACKS[pack].kinds if one.code == code]
    install_kinds(wanted, pack=pack, by=system_staff())
    return CaseKind.objects.get(code=code)


def opened(code: str, by, values=None, *, pack: str = "general", at=AT, **draft) -> Case:
    return a_case(by, kind=kind(code, pack), values=values or {}, at=at, **draft)


def to_answer(case: Case, by, *, at=AT) -> Case:
    """Taken, judged where that is asked, with a result."""
    accept_case(case.pk, by=by, at=at)
    if case.kind.defined.needs_judging:
        judge_case(case.pk, Judgement(is_valid=True, reason="合同范围内"), by=by, at=at)
    return record_result(case.pk, result="已处理", by=by, at=at)


def told(case: Case, by, *, at=AT) -> Case:
    given = AnswerGiven(way=case.way, text="已处理好", method="电话指导", works_from=at)
    answer_customer(case.pk, given, by=by, at=at)
    case.refresh_from_db()
    return case


class TestIntake:
    @pytest.mark.duty("D690", "D691")
    def test_the_definition_of_a_complaint_is_read_before_it_is_written(self, agent, client):
        kind("complaint", "property")
        kind("suggestion", "property")
        client.force_login(agent)

        page = client.get(reverse("cases:new"), {"kind": "complaint"}).content.decode()
        assert "凡因工作不当，造成损失及不良影响、有损管理公司的外在形象" in page
        assert "不含业主/租户对大厦管理的建议及善意的批评" in page
        page = client.get(reverse("cases:new"), {"kind": "suggestion"}).content.decode()
        assert "不作投诉处理" in page

    @pytest.mark.duty("D207")
    def test_technical_questions_are_answered_at_once_or_go_to_the_technical_department(
        self, agent
    ):
        engineering = DepartmentFactory(code="engineering", name="技术部")
        undecided = {name: value for name, value in TROUBLE.items() if name != "intake"}
        with pytest.raises(FormIncomplete):
            opened("technical", agent, undecided)

        at_once = opened("technical", agent, TROUBLE)
        handed = opened("technical", agent, TROUBLE | {"intake": "hand_on"})

        assert not at_once.hand_offs.exists()
        task = handed.hand_offs.get()
        assert (task.department, task.customer_words) == (engineering, handed.matter)

    @pytest.mark.duty("D452", "D453", "D454")
    @pytest.mark.parametrize(
        ("code", "values", "categories"),
        [
            ("mall_message", {"shop": "甲店"}, {"商品评论", "店铺留言", "店铺留言未回"}),
            ("mall_trade", {"order": "8801", "product": "茶"}, {"付款", "发货与到货", "退换货"}),
            ("mall_seller", {"seller": "甲店"}, {"卖家的商品", "卖家的服务"}),
        ],
    )
    def test_the_three_complaints_of_a_mall_are_kept_apart_each_with_its_demand(
        self, agent, code, values, categories
    ):
        with pytest.raises(Refused):
            opened(code, agent, values, pack="shop", demand="")

        case = opened(code, agent, values, pack="shop", demand="要求退款")

        assert (case.kind.code, case.is_complaint, case.demand) == (code, True, "要求退款")
        assert categories <= set(case.kind.nodes.values_list("name", flat=True))

    @pytest.mark.duty("D031", "D418")
    def test_a_demand_goes_to_the_product_department_and_comes_back_with_a_reply(self, agent):
        targets = kind("request").defined.targets
        assert {"product", "logistics", "quality", "after_sales"} <= set(targets)
        product = DepartmentFactory(code="product", name="产品部")
        manager = StaffFactory(role="product_manager", department=product)
        case = opened(
            "request", agent, {"partner": "建设银行", "order": "JH-1", "product": "积分商城"}
        )
        accept_case(case.pk, by=agent, at=AT)

        row = hand_off(case.pk, Task(department=product, task="能否加配"), by=agent, at=AT)
        assert case in visible_cases(manager)
        receive_hand_off(row.pk, by=manager, at=AT)
        finish_hand_off(row.pk, result="下周上线", by=manager, at=AT + HOUR)

        assert case.hand_offs.get().result == "下周上线"

    @pytest.mark.duty("D135")
    def test_a_complaint_is_at_once_with_whoever_keeps_the_customer(self, agent):
        sales = StaffFactory(
            name="周业务", role="salesperson", department=DepartmentFactory(name="业务部")
        )
        case = opened(
            "complaint", agent, {"phone": "13800137719"}, customer=CustomerFactory(keeper=sales)
        )

        assert case.hand_offs.get().staff == sales
        assert case in visible_cases(sales)
        nobody = opened("complaint", agent, {"phone": "13800137719"})
        assert not nobody.hand_offs.exists()
        about_him = {"customer": case.customer, "accused": sales}
        assert not opened(
            "complaint", agent, {"phone": "1380013771"}, **about_him
        ).hand_offs.exists()

    @pytest.mark.duty("D493")
    def test_the_customer_of_a_shop_is_contacted_first(self, agent):
        case = opened("shop_complaint", agent, {"order": "8801"}, pack="shop")

        with pytest.raises(StepsOpen, match="主动联系客户并安抚"):
            accept_case(case.pk, by=agent, at=AT)
        finish_step(case.pk, code="contact", note="已致电", by=agent, at=AT)
        accept_case(case.pk, by=agent, at=AT + HOUR)
        judge_case(case.pk, Judgement(is_valid=True, reason="属实"), by=agent, at=AT)
        with pytest.raises(StepsOpen, match="提出解决方案"):
            record_result(case.pk, result="退款", by=agent, at=AT)


class TestTechnicalHelp:
    @pytest.mark.duty("D036", "D116")
    def test_a_question_ends_with_module_version_and_solution(self, agent):
        case = opened("technical", agent, TROUBLE, way=Case.Way.CHAT)
        accept_case(case.pk, by=agent, at=AT)

        with pytest.raises(NotReadyToArchive, match=r"版本.*解决步骤"):
            record_result(case.pk, result="已解决", by=agent, at=AT)
        answered = {**TROUBLE, "version": "3.2", "answer_steps": "重启终端，重新入网"}
        change_case_form(case.pk, FormChange(values=answered), by=agent, at=AT)

        assert record_result(case.pk, result="已解决", by=agent, at=AT).stage == "answer"
        assert case in Case.objects.filter(search__words="重新入网")

    @pytest.mark.duty("D299")
    def test_a_fault_is_at_once_with_the_technical_group_and_shows_how_long_that_took(
        self, agent, client
    ):
        group = DepartmentFactory(code="engineering", name="技术支持组")
        technician = StaffFactory(role="technician", department=group)
        found = AT - timedelta(minutes=7)
        case = opened(
            "fault",
            agent,
            {"found_at": found.isoformat(), "module": "聊天室", "symptom": "进不去"},
        )
        run_waiting_jobs()

        task = case.hand_offs.get()
        assert (task.department, task.seconds_after_found) == (group, 7 * 60)
        assert Notice.objects.filter(staff=technician).exists()
        client.force_login(agent)
        page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
        assert "7 分钟" in page

    @pytest.mark.duty("D592")
    def test_guidance_ends_with_the_time_it_took(self, agent):
        values = {"topic": "first_registration", "stuck_at": "验证码"}
        case = opened("guidance", agent, values)
        accept_case(case.pk, by=agent, at=AT)

        with pytest.raises(NotReadyToArchive, match="用时"):
            record_result(case.pk, result="已注册", by=agent, at=AT)
        change = FormChange(values={**values, "minutes_spent": "35"})
        change_case_form(case.pk, change, by=agent, at=AT)

        assert (
            record_result(case.pk, result="已注册", by=agent, at=AT).values["minutes_spent"] == "35"
        )

    @pytest.mark.duty("D376")
    def test_what_is_urgent_runs_outside_office_hours_too(self, agent, boss):
        saturday_night = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
        stuck = {**TROUBLE, "product": "网银证书", "symptom": "转账卡住"}

        urgent = opened("technical", agent, stuck, at=saturday_night, is_urgent=True)
        ordinary = opened("technical", agent, stuck, at=saturday_night)

        assert urgent.due_at == saturday_night + timedelta(minutes=15)
        assert urgent.escalations.get().to == boss
        assert ordinary.due_at > datetime(2026, 11, 23, tzinfo=UTC)

    @pytest.mark.duty("D615")
    @pytest.mark.parametrize(
        ("priority", "minutes"), [("critical", 60), ("serious", 240), ("ordinary", 960)]
    )
    def test_the_answer_is_measured_to_the_departure_of_the_engineer(
        self, agent, priority, minutes
    ):
        case = opened("technical", agent, TROUBLE, priority=priority)
        (promised,) = case_page(case, agent, at=AT).responses
        assert (promised.name, promised.clock.amount) == ("工程师出发时间", minutes)

        left_at = AT + timedelta(minutes=50)
        change = FormChange(values={**TROUBLE, "departed_at": left_at.isoformat()})
        change_case_form(case.pk, change, by=agent, at=AT + 3 * HOUR)

        (promised,) = case_page(case, agent, at=AT).responses
        assert (promised.clock.met_at, promised.clock.was_kept) == (left_at, True)

    @pytest.mark.duty("D606")
    def test_help_by_phone_comes_first_and_ends_only_when_the_customer_is_satisfied(self, agent):
        full = {**TROUBLE, "version": "3.2", "answer_steps": "重启"}
        chat = opened("technical", agent, full, way=Case.Way.CHAT)
        call = opened("technical", agent, full, way=Case.Way.CALL)
        assert list(Case.objects.open().order_by("due_at")) == [call, chat]

        half = followed_up(told(to_answer(call, agent), agent), agent, "fair")
        assert (half.stage, half.reopened_count) == ("handle", 1)
        record_result(call.pk, result="再次处理", by=agent, at=AT)
        call.refresh_from_db()

        assert followed_up(told(call, agent), agent, "satisfied").stage == "archive"


class TestSuperiors:
    @pytest.mark.duty("D273")
    @pytest.mark.parametrize("code", ["enquiry", "lookup", "suggestion", "request", "technical"])
    def test_what_one_cannot_handle_goes_to_the_department_manager(
        self, agent, boss, service, code
    ):
        manager = StaffFactory(name="郑经理", role="service_manager", department=service)
        values = {"lookup": {"subject": "账单"}, "request": {"product": "茶"}, "technical": TROUBLE}
        case = opened(code, agent, values.get(code))

        escalate_case(case.pk, reason="超出权限", by=agent, at=AT)
        reached = escalate_case(case.pk, reason="主管也不能定", by=agent, at=AT + HOUR)

        assert (reached.to, reached.at) == (manager, AT + HOUR)

    @pytest.mark.duty("D440")
    def test_a_sudden_event_is_reported_up_and_not_handled_alone(self, agent, boss):
        values = {"place": "地下车库", "found_at": AT.isoformat(), "hurt": "no"}
        case = opened("emergency", agent, values)
        reported = case.escalations.get()
        assert (reported.to, reported.at) == (boss, AT)
        accept_case(case.pk, by=agent, at=AT)

        with pytest.raises(NotReadyToArchive):
            record_result(case.pk, result="自己处理了", by=agent, at=AT)
        asked = propose_handling(case.pk, proposal="封闭车库", by=agent, at=AT)
        decide_approval(asked.pk, is_granted=True, by=boss, at=AT)

        assert record_result(case.pk, result="已封闭", by=agent, at=AT).stage == "answer"


class TestInsurance:
    @pytest.mark.duty("D571")
    def test_valid_invalid_enquiry_and_report_are_four_classes(self, agent):
        policy = {"policy": "P1", "phone": "13800137719"}
        for is_valid in (True, True, False):
            case = opened("insurance_complaint", agent, policy, pack="insurance")
            accept_case(case.pk, by=agent, at=AT)
            judged = Judgement(is_valid=is_valid, reason="依条款", invalid_choice="refuse")
            judge_case(case.pk, judged, by=agent, at=AT)
        opened("claim_enquiry", agent, {"claim": "C1"}, pack="insurance")
        opened("report", agent, {"about": "代理人"})

        complaints = Case.objects.complaints()
        assert complaints.filter(validity="valid").count() == 2
        assert complaints.filter(validity="invalid").count() == 1
        others = Case.objects.exclude(is_complaint=True).values_list("kind__code", flat=True)
        assert sorted(others) == ["claim_enquiry", "report"]


class TestRefunds:
    @pytest.mark.duty("D400")
    def test_refunds_stand_in_a_queue_with_amount_reason_and_state(self, agent, boss, client):
        values = {"order": "8801", "amount": "58", "reason": "破损"}
        case = opened("refund", agent, values, pack="shop")
        accept_case(case.pk, by=agent, at=AT)
        offer = RemedyOffer(code="refund", amount_fen=5800, note="到货破损")
        row = offer_remedy(case.pk, offer, by=agent, at=AT)
        client.force_login(agent)

        def shown(**asked: str) -> str:
            return client.get(
                reverse("cases:remedies"), {"code": "refund", **asked}
            ).content.decode()

        assert all(words in shown() for words in (case.number, "58.00", "到货破损"))
        assert total_fen(remedy_queue(agent, code="refund")) == 5800
        decide_approval(row.approval.pk, is_granted=True, by=boss, at=AT)
        for state in ("accepted", "done"):
            settle_remedy(row.pk, state=state, by=agent, at=AT)

        assert case.number not in shown()
        assert case.number in shown(state=Remedy.State.DONE)
        elsewhere = StaffFactory(role="agent", department=DepartmentFactory())
        assert not remedy_queue(elsewhere).exists()
