"""Cases over the API: from the first word to the archive, by the rules of the pages."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.models import Case, CasePromise, HandOff
from shouwen.cases.queries.lists import NEAR, TABS
from shouwen.cases.tests.make import VALUES, a_case, a_kind, a_receiver, archived, facts
from shouwen.conversations.tests.factories import ConversationFactory
from shouwen.customers.models import Customer
from shouwen.customers.tests.factories import CustomerFactory
from shouwen.deadlines.operations import install_calendars

pytestmark = pytest.mark.django_db
URL = "/api/v1/cases"


@pytest.fixture(autouse=True)
def _calendars():
    install_calendars(by=system_staff())


@pytest.fixture
def agent():
    return a_receiver(
        name="李敏", department=DepartmentFactory(name="客服中心", code="service-desk")
    )


@pytest.fixture
def ask(client, agent, key_for):
    """Ask as somebody's program, the agent's if nobody is named."""

    def send(method, path="", body=None, *, by=None, **headers):
        answer = client.generic(
            method,
            f"{URL}{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {key_for(by or agent)}", **headers},
        )
        return answer.status_code, json.loads(answer.content or b"null")

    return send


def sent(**changes):
    return {
        "kind": "complaint",
        "way": "call",
        "matter": "电梯再次停运，母亲坐轮椅无法下楼。",
        "demand": "13:30 前能安全下楼。",
        "customer_id": CustomerFactory().pk,
        "values": VALUES,
    } | changes


class TestKinds:
    def test_says_what_the_form_of_a_kind_asks_for(self, ask):
        a_kind()

        status, kinds = ask("GET", "/kinds")
        _status, kind = ask("GET", "/kinds/complaint")

        assert (status, [one["code"] for one in kinds]) == (200, ["complaint"])
        assert [one["code"] for one in kind["fields"]] == ["area", "room", "phone", "fee"]
        assert [one["code"] for one in kind["categories"]] == ["lift", "noise"]
        assert kind["causes"][1]["needs_evidence"] is True
        assert kind["clocks"][0]["minutes"] == 30

    def test_tells_nothing_to_whoever_has_nothing_to_do_with_cases(self, ask):
        a_kind()
        stranger = StaffFactory()

        assert ask("GET", "/kinds", by=stranger)[0] == 403
        assert ask("GET", "/kinds/complaint", by=stranger)[0] == 403
        assert ask("GET", "/kinds/nothing")[0] == 404


class TestReading:
    def test_lists_what_the_person_may_see_in_pages(self, ask, agent):
        kind = a_kind()
        mine = [a_case(agent, kind=kind) for _one in range(3)]
        a_case(a_receiver(department=DepartmentFactory()), kind=kind)

        _status, first = ask("GET", "?size=2")
        _status, second = ask("GET", f"?size=2&after={first['next']}")

        ids = [one["id"] for one in first["items"] + second["items"]]
        assert ids == [one.pk for one in reversed(mine)]
        assert second["next"] == ""

    @pytest.mark.parametrize("tab", ["", *TABS])
    def test_every_list_of_the_page_is_there(self, ask, agent, tab):
        case = a_case(agent, at=timezone.now())

        status, found = ask("GET", f"?tab={tab}&kind=complaint&q=电梯")

        assert status == 200
        is_near = case.due_at < timezone.now() + NEAR
        is_in = tab in {"", "open", "unaccepted", "first"} or (tab == "near" and is_near)
        assert [one["number"] for one in found["items"]] == [case.number] * is_in

    def test_the_archive_stands_in_the_list_without_a_name(self, ask, agent):
        case = archived(a_case(agent), agent)

        assert [one["id"] for one in ask("GET")[1]["items"]] == [case.pk]
        assert ask("GET", "?tab=open")[1]["items"] == []
        assert ask("GET", "?tab=everything")[0] == 404

    def test_a_list_asks_as_often_for_many_rows_as_for_few(
        self, ask, agent, django_assert_max_num_queries
    ):
        kind = a_kind()
        for _one in range(20):
            a_case(agent, kind=kind)
        ask("GET")

        with django_assert_max_num_queries(6):
            ask("GET")

    def test_tells_a_case_whole(self, ask, agent):
        case = archived(a_case(agent, at=timezone.now()), agent, at=timezone.now())

        status, told = ask("GET", f"/{case.pk}")

        assert status == 200
        assert told["matter"] == case.matter
        assert told["is_closed"] is True
        assert told["cause"] == "equipment"
        assert told["clocks"][0]["met_at"]
        assert told["answers"][0]["method"] == "更换门机"
        assert told["approvals"][0]["decision"] == "granted"
        assert [one["shown"] for one in told["form"][:2]] == ["3栋", "1102"]

    def test_numbers_in_the_form_are_masked_as_on_the_page(self, ask, agent):
        case = a_case(agent)
        technician = StaffFactory(role="technician", department=DepartmentFactory())
        HandOff.objects.create(
            case=case, department=technician.department, staff=technician, task="检查", by=agent,
            customer_words="x", sent_at=timezone.now(), last_progress_at=timezone.now(),
        )  # fmt: skip

        status, told = ask("GET", f"/{case.pk}", by=technician)

        assert status == 200
        assert "13800137719" not in json.dumps(told)

    def test_history_comes_in_pages_and_in_words(self, ask, agent):
        case = archived(a_case(agent), agent)

        _status, first = ask("GET", f"/{case.pk}/history?size=3")
        _status, rest = ask("GET", f"/{case.pk}/history?after={first['next']}")

        names = [one["name"] for one in first["items"] + rest["items"]]
        assert list(reversed(names)) == facts(case)
        assert all(one["text"] for one in first["items"])
        assert first["items"][0]["by"] == "李敏"

    def test_those_of_others_do_not_exist(self, ask):
        case = a_case(a_receiver(department=DepartmentFactory()))

        for method, path, body in (
            ("GET", "", None),
            ("GET", "/history", None),
            ("POST", "/accept", None),
            ("POST", "/progress", {"text": "x"}),
            ("POST", "/archive", {}),
            ("POST", "/tasks", {"department": "service-desk", "task": "x"}),
        ):
            assert ask(method, f"/{case.pk}{path}", body)[0] == 404, path


class TestOpening:
    @pytest.mark.duty("D001")
    def test_opens_a_case_with_number_first_responder_and_clock(self, ask, agent):
        a_kind()

        status, opened = ask("POST", "", sent())

        assert status == 200
        assert opened["number"].startswith("TS-")
        assert opened["first_responder"] == {"id": agent.pk, "name": "李敏"}
        assert opened["department"] == "service-desk"
        assert opened["stage"] == "accept"
        assert opened["due_at"]
        assert facts(Case.objects.get()) == ["CaseOpened"]

    def test_names_the_customer_by_contact_points_or_by_the_conversation(self, ask, agent):
        a_kind()
        talk = ConversationFactory(handler=agent)
        writer = {"name": "周玉兰", "phone": "13800007719"}

        _status, first = ask("POST", "", sent(customer_id=None, customer=writer))
        _status, again = ask("POST", "", sent(customer_id=None, customer=writer))
        _status, talked = ask("POST", "", sent(customer_id=None, conversation_id=talk.pk))

        assert first["customer_id"] == again["customer_id"]
        assert Customer.objects.get(pk=first["customer_id"]).source == Customer.Source.API
        assert (talked["customer_id"], talked["conversation_id"]) == (talk.customer_id, talk.pk)

    def test_a_refusal_leaves_nothing_behind(self, ask):
        a_kind()
        writer = {"name": "周玉兰", "phone": "13800007719"}
        before = Customer.objects.count()

        status, said = ask("POST", "", sent(customer_id=None, customer=writer, values={}))

        assert (status, bool(said["error"])) == (409, True)
        assert (Case.objects.count(), Customer.objects.count()) == (0, before + 1)

    def test_the_same_request_again_is_one_case(self, ask):
        a_kind()
        body = sent()

        first = ask("POST", "", body, **{"Idempotency-Key": "case-1"})
        again = ask("POST", "", body, **{"Idempotency-Key": "case-1"})

        assert first == again
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"kind": "nothing"}, 404),
            ({"category": "nothing"}, 404),
            ({"department": "nothing"}, 404),
            ({"customer_id": 10**12}, 404),
            ({"accused_id": 10**12}, 404),
            ({"way": "smoke"}, 422),
            ({"matter": ""}, 422),
            ({"matter": 7}, 422),
            ({"customer_id": None}, 422),
            ({"customer_id": -1}, 422),
            ({"customer_id": 2**70}, 422),
            ({"values": []}, 422),
            ({"happened_at": "yesterday"}, 422),
            ({"happened_at": "2026-11-23T10:00:00"}, 422),
            ({"priority": "highest"}, 422),
            ({"demand": " "}, 409),
            ({"values": {**VALUES, "fee": "很多"}}, 409),
            ({"values": {**VALUES, "area": {"a": 1}}}, 409),
            ({"values": {**VALUES, "area": ["3栋"]}}, 409),
            ({"values": {**VALUES, "colour": "红"}}, 409),
        ],
    )
    def test_refuses_what_makes_no_sense_with_words(self, ask, changes, status):
        a_kind()

        got, said = ask("POST", "", sent(**changes))

        assert (got, bool(said["error"])) == (status, True)
        assert not Case.objects.exists()

    def test_refuses_whoever_may_not_open_cases(self, ask):
        a_kind()

        assert ask("POST", "", sent(), by=StaffFactory(role="warehouse"))[0] == 403

    def test_one_case_costs_few_questions_to_the_database(self, ask, django_assert_max_num_queries):
        a_kind()
        body = sent()
        ask("POST", "", body)

        with django_assert_max_num_queries(19):
            assert ask("POST", "", body)[0] == 200


class TestTheWay:
    @pytest.fixture
    def go(self, ask):
        """Do something to the case opened by the program; it must be done."""
        a_kind()
        one = f"/{ask('POST', '', sent())[1]['id']}"

        def do(path, body=None, by=None):
            status, told = ask("POST", one + path, body or {}, by=by)
            assert status == 200, (path, told)
            return told

        do.look = lambda: ask("GET", one)[1]
        return do

    def test_from_the_first_word_to_the_archive_and_back(self, go, agent):
        due = (timezone.now() + timedelta(hours=5)).isoformat()

        assert go("/accept")["stage"] == "handle"
        go("/judge", {"is_valid": True, "reason": "合同范围内"})
        go("/review", {"safety": 1, "impact": 0, "urgency": 1})
        assert go("/wait", {"reason": "等照片"})["is_waiting"]
        assert not go("/go-on")["is_waiting"]
        assert go("/escalate", {"reason": "久未解决"})["ladder_level"] == 1
        assert go("/result", {"result": "门机已更换"})["stage"] == "answer"
        told = {"way": "call", "text": "已修好。", "method": "更换门机", "works_from": due}
        assert go("/answer", told)["stage"] == "follow_up"
        [answer] = go.look()["answers"]
        go(f"/answers/{answer['id']}", {"is_accepted": True})
        assert go("/follow-up", {"result": "satisfied", "way": "call"})["stage"] == "archive"
        end = {"cause": "equipment", "corrective_action": "每月检查", "is_won_back": True}
        assert go("/archive", end)["is_closed"]
        back = go("/reopen", {"reason": "又坏了"})
        assert (back["stage"], back["reopened_count"], back["is_closed"]) == ("handle", 1, False)
        assert back["first_responder"]["id"] == agent.pk

    def test_a_proposal_is_approved_and_a_task_handed_over(self, go, agent):
        boss = StaffFactory(role="supervisor", department=agent.department)
        works = DepartmentFactory(code="works")
        technician = StaffFactory(role="technician", department=works)
        go("/accept")

        go("/propose", {"proposal": "派电梯公司检修"})
        [asked] = go.look()["approvals"]
        go(f"/approvals/{asked['id']}", {"is_granted": True}, by=boss)
        assert go("/tasks", {"department": "works", "task": "检修"})["is_handed_over"]
        task = HandOff.objects.get()
        go(f"/tasks/{task.pk}/receive", by=technician)
        go(f"/tasks/{task.pk}/progress", {"text": "零件在路上"}, by=technician)
        go(f"/tasks/{task.pk}/finish", {"result": "修好了"}, by=technician)

        [told] = go.look()["hand_offs"]
        assert (told["state"], told["result"]) == ("done", "修好了")
        assert told["progress"][0]["text"] == "零件在路上"

    def test_a_promise_is_made_and_kept(self, go):
        due = (timezone.now() + timedelta(hours=5)).isoformat()
        go("/accept")

        go("/promise", {"text": "今天修好", "due_at": due})
        promise = CasePromise.objects.get()
        go(f"/promises/{promise.pk}/trouble", {"reason": "零件晚到"})
        go(f"/promises/{promise.pk}/told")
        go(f"/promises/{promise.pk}/keep")
        go("/progress", {"text": "已告知", "told_way": "call"})

        [told] = go.look()["promises"]
        assert told["trouble"] == "零件晚到"
        assert told["customer_told_at"]
        assert told["kept_at"]

    def test_gives_it_to_a_colleague_and_puts_the_form_right(self, ask, agent):
        case = a_case(agent)
        colleague = a_receiver(department=agent.department)

        _status, given = ask(
            "POST", f"/{case.pk}/assign", {"staff_id": colleague.pk, "reason": "专长"}
        )
        _status, changed = ask(
            "POST",
            f"/{case.pk}/form",
            {"title": "电梯", "category": "lift", "values": {**VALUES, "room": "902"}},
        )

        assert given["handler"]["id"] == colleague.pk
        assert (changed["title"], changed["category"]) == ("电梯", "lift")
        assert changed["place"] == "3栋/902"

    def test_steps_are_done_or_passed_over(self, ask, agent):
        steps = [
            {"code": "hear", "name": "听清楚", "stage": "accept"},
            {"code": "write", "name": "记清楚", "stage": "accept"},
        ]
        case = a_case(agent, kind=a_kind(steps=steps))

        assert ask("POST", f"/{case.pk}/accept", {})[0] == 409
        ask("POST", f"/{case.pk}/steps/hear", {"note": "x"})
        ask("POST", f"/{case.pk}/steps/write", {"skip_reason": "来信已写明"})
        assert ask("POST", f"/{case.pk}/steps/nothing", {})[0] == 409

        assert ask("POST", f"/{case.pk}/accept", {})[0] == 200
        assert [one["skip_reason"] for one in ask("GET", f"/{case.pk}")[1]["steps"]] == [
            "",
            "来信已写明",
        ]

    def test_tasks_come_back_with_a_reason(self, ask, agent):
        case = a_case(agent, kind=a_kind(needs_approval="never"))
        DepartmentFactory(code="works")
        ask("POST", f"/{case.pk}/accept", {})
        ask("POST", f"/{case.pk}/tasks", {"department": "works", "task": "检修"})
        task = HandOff.objects.get()

        status, _told = ask("POST", f"/{case.pk}/tasks/{task.pk}/return", {"reason": "写错了"})

        task.refresh_from_db()
        assert (status, task.state) == (200, HandOff.State.WITHDRAWN)

    def test_the_operations_words_come_back(self, ask, agent):
        case = a_case(agent)

        status, said = ask("POST", f"/{case.pk}/result", {"result": "好了"})

        assert (status, "Acceptance" in said["error"] or "受理" in said["error"]) == (409, True)
        assert ask("POST", f"/{case.pk}/archive", {"cause": "nothing"})[0] == 404
        assert ask("POST", f"/{case.pk}/follow-up", {"result": "great", "way": "call"})[0] == 422
        assert ask("POST", f"/{case.pk}/review", {"safety": 4, "impact": 0, "urgency": 0})[0] == 422
