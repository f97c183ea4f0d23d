"""Who may see and do what on the pages of cases."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, FollowUpDuty, HandOff
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.handing import Task, hand_off
from shouwen.cases.tests.make import VALUES, a_case, a_kind, a_receiver, answered, archived, taken
from shouwen.conversations.tests.factories import ConversationFactory
from shouwen.core.history import history_of
from shouwen.customers.tests.factories import ContactPointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def signed_in(client, receiver):
    client.force_login(receiver)
    return client


def page(case: Case) -> str:
    return reverse("cases:detail", args=[case.pk])


def act(case: Case, verb: str) -> str:
    return reverse("cases:act", args=[case.pk, verb])


class TestCaseList:
    def test_says_what_to_do_first_when_empty(self, signed_in):
        answer = signed_in.get(reverse("cases:list"))

        assert "这里没有工单" in answer.content.decode()

    @pytest.mark.parametrize("words", ["轮椅", "1102", "TS-2026"])
    def test_finds_by_words_place_and_number(self, signed_in, receiver, now, words):
        case = a_case(receiver, at=now)
        a_case(receiver, at=now, kind=case.kind, matter="噪音", values={**VALUES, "room": "9"})

        found = signed_in.get(reverse("cases:list"), {"q": words}).content.decode()

        assert case.number in found
        assert (found.count("TS-2026") > 1) == (words == "TS-2026") or "噪音" not in found

    def test_hides_cases_of_other_departments(self, client, receiver, now):
        case = a_case(receiver, at=now)
        client.force_login(a_receiver(department=DepartmentFactory()))

        assert case.number not in client.get(reverse("cases:list")).content.decode()
        assert client.get(page(case)).status_code == 404

    def test_reads_the_same_number_of_rows_however_many_there_are(
        self, signed_in, receiver, now, django_assert_max_num_queries
    ):
        kind = a_kind()
        for _number in range(12):
            a_case(receiver, kind=kind, at=now)

        with django_assert_max_num_queries(40):
            assert signed_in.get(reverse("cases:list")).status_code == 200


class TestCasePage:
    def test_shows_path_words_and_why_it_is_due(self, signed_in, receiver, now):
        case = taken(a_case(receiver, at=now), receiver, at=now)

        shown = signed_in.get(page(case)).content.decode()

        assert case.matter in shown
        assert "为什么此时到期" in shown
        assert "请处理出结果" in shown

    def test_masks_phone_numbers_for_whoever_may_not_see_them(self, signed_in, receiver, now):
        case = a_case(receiver, at=now)

        shown = signed_in.get(page(case)).content.decode()
        form = signed_in.get(reverse("cases:edit", args=[case.pk])).content.decode()

        assert "138****7719" in shown
        assert "13800137719" not in shown + form

    def test_an_edit_keeps_the_number_it_did_not_show(self, signed_in, receiver, now):
        case = a_case(receiver, at=now)
        typed = {"title": "电梯", "matter": "停运", "demand": "修好"}
        typed |= {"value_area": "3栋", "value_room": "1103"}

        answer = signed_in.post(reverse("cases:edit", args=[case.pk]), typed)

        case.refresh_from_db()
        assert answer.status_code == 302
        assert case.values == {**VALUES, "room": "1103"}

    @pytest.mark.duty("D631", "D633")
    def test_prints_the_sheet_with_its_number(self, signed_in, receiver, now):
        case = archived(a_case(receiver, at=now), receiver, at=now)

        paper = signed_in.get(reverse("cases:print", args=[case.pk])).content.decode()

        for words in (case.number, case.matter, case.demand, case.result, "客户签字", "投诉单"):
            assert words in paper


class TestNewCase:
    def typed(self, **changes):
        values = {f"value_{code}": value for code, value in VALUES.items()}
        words = {"matter": "电梯停了", "demand": "修好", "way": "call", "customer_name": "周玉兰"}
        return {**values, **words, **changes}

    def test_asks_for_the_kind_and_shows_what_a_complaint_is(self, signed_in):
        a_kind(explanation="凡因工作不当而引致不满的行为。")

        chosen = signed_in.get(reverse("cases:new"), {"kind": "complaint"}).content.decode()

        assert "凡因工作不当" in chosen
        assert "value_area" in chosen

    def test_registers_it(self, signed_in, receiver):
        a_kind()

        answer = signed_in.post(f"{reverse('cases:new')}?kind=complaint", self.typed())

        case = Case.objects.get()
        assert answer["Location"] == page(case)
        assert (case.first_responder, case.customer.name) == (receiver, "周玉兰")

    @pytest.mark.duty("D684", "D685")
    @pytest.mark.parametrize("missing", ["matter", "demand", "value_area", "value_phone"])
    def test_keeps_what_was_typed_when_something_is_missing(self, signed_in, missing):
        a_kind()

        answer = signed_in.post(
            f"{reverse('cases:new')}?kind=complaint", self.typed(**{missing: ""})
        )

        assert answer.status_code == 422
        assert "1102" in answer.content.decode()
        assert not Case.objects.exists()

    @pytest.mark.duty("D065")
    def test_from_a_conversation_all_that_is_known_stands_there(self, signed_in, receiver):
        kind = a_kind()
        talk = ConversationFactory(
            channel="chat", handler=receiver, first_responder=receiver, state="open",
            department=receiver.department,
        )  # fmt: skip
        ContactPointFactory(customer=talk.customer)
        address = f"{reverse('cases:new')}?kind={kind.code}&conversation={talk.pk}"
        assert "customer_name" not in signed_in.get(address).content.decode()

        typed = self.typed(way="chat")
        del typed["customer_name"]
        signed_in.post(address, typed)

        case = Case.objects.get()
        assert (case.customer, case.conversation, case.way) == (talk.customer, talk, "chat")

    def test_refuses_who_may_not_open_cases(self, client, department):
        client.force_login(StaffFactory(role="warehouse", department=department))

        assert client.get(reverse("cases:new")).status_code == 403


class TestVerbs:
    def test_asks_in_a_dialog_and_does_it(self, signed_in, receiver, now):
        case = a_case(receiver, at=now)

        assert "由您处理" in signed_in.get(act(case, "accept")).content.decode()
        answer = signed_in.post(act(case, "accept"))

        assert answer.status_code == 204
        assert "case:changed" in answer["HX-Trigger"]
        case.refresh_from_db()
        assert case.handler == receiver

    def test_says_why_it_was_refused(self, signed_in, receiver, now):
        case = taken(a_case(receiver, at=now), receiver, at=now)
        typed = {"result": "修好", "reason": "x"}
        hand_off(
            case.pk,
            Task(department=DepartmentFactory(), task="检查"),
            by=receiver,
            at=now,
        )

        answer = signed_in.post(act(case, "result"), typed)

        assert answer.status_code == 422
        assert "全部转办的结果" in answer.content.decode()

    @pytest.mark.parametrize(
        ("verb", "typed"),
        [
            ("judge", {"is_valid_case": "yes", "judge_reason": "合同内"}),
            ("review", {"safety": "3", "impact": "1", "urgency": "2"}),
            ("progress", {"text": "在路上"}),
            ("promise", {"text": "回电", "due_at": "2099-01-01T10:00"}),
            ("remedy", {"code": "reduction", "amount": "36.00", "cost": "12"}),
            ("wait", {"reason": "等业主"}),
            ("result", {"result": "修好了"}),
        ],
    )
    def test_every_verb_of_handling_leaves_a_fact(self, signed_in, receiver, now, verb, typed):
        case = taken(a_case(receiver, at=now), receiver, at=now)
        before = history_of("case", case.pk).count()

        assert signed_in.get(act(case, verb)).status_code == 200
        assert signed_in.post(act(case, verb), typed).status_code == 204
        assert history_of("case", case.pk).count() == before + 1

    def test_the_way_to_the_archive(self, signed_in, receiver, now):
        case = answered(taken(a_case(receiver, at=now), receiver, at=now), receiver, at=now)
        told = {"result": "satisfied", "way": "call", "words": "好"}

        assert signed_in.post(act(case, "follow-up"), told).status_code == 204
        assert signed_in.post(act(case, "archive"), {}).status_code == 422
        cause = case.kind.nodes.get(code="equipment").pk
        words = {"cause": cause, "corrective_action": "巡检", "is_won_back": "yes"}
        assert signed_in.post(act(case, "archive"), words).status_code == 204
        case.refresh_from_db()
        assert case.is_closed
        assert FollowUpDuty.objects.get().result == "satisfied"
        assert signed_in.post(act(case, "reopen"), {"reason": "又坏了"}).status_code == 204

    def test_there_are_no_other_verbs(self, signed_in, receiver, now):
        assert signed_in.get(act(a_case(receiver, at=now), "delete")).status_code == 404


class TestPapers:
    @pytest.mark.duty("D064", "D702")
    def test_lie_with_the_case_also_in_the_archive(self, signed_in, receiver, now):
        case = archived(a_case(receiver, at=now), receiver, at=now)
        address = reverse("cases:paper", args=[case.pk])
        assert signed_in.get(address).status_code == 200
        sheet = SimpleUploadedFile("投诉单.txt", "签字单".encode(), "text/plain")

        assert signed_in.post(address, {"title": " ", "file": sheet}).status_code == 422
        sheet.seek(0)
        assert signed_in.post(address, {"title": "签字单", "file": sheet}).status_code == 204

        shown = signed_in.get(page(case)).content.decode()
        assert "签字单" in shown
        assert history_of("case", case.pk).order_by("pk").last().name == "cases.PaperAdded"
        found = signed_in.get(reverse("cases:list"), {"tab": "archived", "q": "轮椅"})
        assert case.number in found.content.decode()


class TestTasks:
    def test_the_other_department_receives_and_finishes(self, client, receiver, now):
        case = taken(a_case(receiver, at=now), receiver, at=now)
        engineer = StaffFactory(role="technician", department=DepartmentFactory())
        due_at = now + timedelta(hours=2)
        task = hand_off(
            case.pk,
            Task(department=engineer.department, task="检查", due_at=due_at),
            by=receiver,
            at=now,
        )
        client.force_login(engineer)

        assert "接收" in client.get(page(case)).content.decode()
        for verb, typed in (("receive", {}), ("finish", {"result": "换了门机"})):
            address = reverse("cases:task", args=[case.pk, task.pk, verb])
            assert client.post(address, typed).status_code == 204
        news = reverse("cases:task_progress", args=[case.pk, task.pk])
        assert client.get(news).status_code == 200

        assert HandOff.objects.get().state == "done"
        assert client.post(act(case, "result"), {"result": "x"}).status_code == 403


def test_the_rest_of_the_dialogs_open_and_act(client, receiver, now):
    boss = StaffFactory(role="supervisor", department=receiver.department)
    case = accept_case(a_case(receiver, at=now).pk, by=receiver, at=now)
    client.force_login(receiver)
    client.post(act(case, "propose"), {"proposal": "减免"})
    client.post(act(case, "remedy"), {"code": "apology"})
    client.post(act(case, "promise"), {"text": "回电", "due_at": "2099-01-01T10:00"})
    client.post(act(case, "escalate"), {"reason": "拿不准"})
    remedy, promise = case.remedies.get(), case.promises.get()
    addresses = {
        reverse("cases:remedy", args=[case.pk, remedy.pk]): {"state": "accepted"},
        reverse("cases:promise", args=[case.pk, promise.pk, "trouble"]): {"trouble": "堵车"},
        reverse("cases:promise", args=[case.pk, promise.pk, "told"]): {},
        reverse("cases:promise", args=[case.pk, promise.pk, "keep"]): {},
    }
    for address, typed in addresses.items():
        assert client.get(address).status_code == 200
        assert client.post(address, typed).status_code == 204

    client.force_login(boss)
    approval = reverse("cases:approval", args=[case.pk, case.approvals.get().pk])
    advice = reverse("cases:escalation", args=[case.pk, case.escalations.get().pk])
    for address, typed in ((approval, {"is_granted": "yes"}), (advice, {"advice": "先道歉"})):
        assert client.get(address).status_code == 200
        assert client.post(address, typed).status_code == 204
    assert "先道歉" in client.get(page(case)).content.decode()
