"""Many cases in one call: a result for every row, a key for ever, nothing lost and nothing twice."""

import json
import threading

import pytest
from django.db import connections
from django.test import Client

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.api.tests.factories import make_key
from shouwen.cases.models import Case, OutsideKey
from shouwen.cases.permissions import CasePermission
from shouwen.cases.tests.make import VALUES, a_case, a_kind, a_receiver, answered, facts, taken
from shouwen.core.models import NumberSeries
from shouwen.customers.models import Customer
from shouwen.customers.tests.factories import CustomerFactory
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import install_calendars

pytestmark = pytest.mark.django_db
URL = "/api/v1/cases"


@pytest.fixture(autouse=True)
def _calendars():
    install_calendars(by=system_staff())


@pytest.fixture
def agent():
    return a_receiver(name="李敏", department=DepartmentFactory(name="客服中心"))


def post(secret, path, body, client=None):
    answer = (client or Client()).post(
        f"{URL}{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def send(agent):
    secret = make_key(agent)
    return lambda rows: post(secret, "/batch", {"rows": rows})


def row(key, by_number, **changes):
    return {
        "key": key,
        "kind": "complaint",
        "way": "call",
        "matter": f"第{key}件：电梯停运。",
        "demand": "修好",
        "customer_id": by_number.pk,
        "values": VALUES,
    } | changes


class TestOpenMany:
    def test_every_row_is_a_case_with_number_clock_and_history(self, send, agent):
        a_kind()
        customer = CustomerFactory()

        status, told = send([row(f"A{number}", customer) for number in range(5)])

        assert (status, told["opened"], told["refused"]) == (200, 5, 0)
        cases = list(Case.objects.order_by("pk"))
        assert [one["number"] for one in told["rows"]] == [case.number for case in cases]
        assert [case.number[-4:] for case in cases] == ["0001", "0002", "0003", "0004", "0005"]
        assert all(facts(case) == ["CaseOpened"] for case in cases)
        assert {case.first_responder_id for case in cases} == {agent.pk}
        due = {one.subject_id: one.due_at for one in Deadline.objects.all()}
        assert due == {case.pk: case.due_at for case in cases}
        # The same matter at the same place, one after the other.
        assert [case.recurrence for case in cases] == [1, 2, 3, 4, 5]

    def test_a_bad_row_spoils_no_other_and_says_what_is_wrong(self, send):
        a_kind()
        customer = CustomerFactory()
        rows = [
            row("good", customer),
            row("no-room", customer, values={"area": "3栋", "phone": "13800137719"}),
            row("way", customer, way="smoke"),
            row("kind", customer, kind="nothing"),
            row("fee", customer, values={**VALUES, "fee": "很多"}),
            {"matter": "x"},
            {"key": 7, "kind": ["a"], "values": {"a": {}}},
            row("also-good", customer),
        ]

        status, told = send(rows)

        assert status == 200
        assert [one["status"] for one in told["rows"]] == [200, 409, 422, 404, 409, 422, 422, 200]
        assert told["rows"][1]["fields"] == ["room"]
        assert told["rows"][2]["fields"] == ["way"]
        assert told["rows"][4]["fields"] == ["fee"]
        assert all(one["error"] for one in told["rows"] if one["status"] != 200)
        assert (told["opened"], told["refused"]) == (2, 6)
        assert OutsideKey.objects.count() == Case.objects.count() == 2
        # A number is given to what was opened only: the series has no gaps.
        assert NumberSeries.objects.get(name__startswith="TS-").last == 2

    def test_a_row_sent_again_is_the_same_case(self, send):
        a_kind()
        customer = CustomerFactory()
        rows = [row("A", customer), row("B", customer, values={})]

        first = send(rows)[1]["rows"]
        mended = [rows[0], row("B", customer), row("C", customer)]
        _status, again = send(mended)

        assert [one["status"] for one in first] == [200, 409]
        assert again["rows"][0] == first[0] | {"is_repeated": True}
        assert (again["opened"], again["repeated"]) == (2, 1)
        assert Case.objects.count() == 3

    def test_a_key_means_one_case_and_nothing_else(self, send):
        a_kind()
        customer = CustomerFactory()
        send([row("A", customer)])

        _status, told = send([row("A", customer, matter="别的事")])

        assert [one["status"] for one in told["rows"]] == [422]
        assert Case.objects.count() == 1

    def test_a_key_twice_in_one_call_is_one_case(self, send):
        a_kind()
        customer = CustomerFactory()

        _status, told = send(
            [row("A", customer), row("A", customer), row("A", customer, matter="别的事")]
        )

        assert [one["status"] for one in told["rows"]] == [200, 200, 422]
        assert told["rows"][0]["case_id"] == told["rows"][1]["case_id"]
        assert (told["opened"], told["repeated"], told["refused"]) == (1, 1, 1)

    def test_the_same_key_of_another_person_is_another_case(self, send):
        a_kind()
        customer = CustomerFactory()
        other = a_receiver(department=DepartmentFactory())
        send([row("A", customer)])

        status, told = post(make_key(other), "/batch", {"rows": [row("A", customer)]})

        assert (status, told["opened"]) == (200, 1)

    def test_unknown_customers_get_one_file_for_all_their_rows(self, send):
        a_kind()
        writer = {"name": "顾晓梅", "phone": "13800007719"}
        someone = CustomerFactory()

        _status, told = send(
            [row(key, someone, customer_id=None, customer=writer) for key in ("A", "B")]
        )

        assert told["opened"] == 2
        assert Customer.objects.get(name="顾晓梅").cases.count() == 2

    def test_whoever_may_not_open_files_names_customers_by_number_only(self):
        a_kind()
        clerk = StaffFactory(permissions=[CasePermission.OPEN], department=DepartmentFactory())
        writer = {"name": "顾晓梅", "phone": "13800007719"}
        someone = CustomerFactory()

        _status, told = post(
            make_key(clerk),
            "/batch",
            {"rows": [row("A", someone, customer_id=None, customer=writer)]},
        )

        assert [one["status"] for one in told["rows"]] == [403]
        assert not Customer.objects.filter(name="顾晓梅").exists()

    @pytest.mark.parametrize("rows", [[], ["x"], "x", [{}] * 1001])
    def test_refuses_what_is_no_list_of_rows(self, send, rows):
        assert send(rows)[0] == 422

    def test_refuses_whoever_may_not_open_cases(self):
        secret = make_key(StaffFactory(role="warehouse"))

        assert post(secret, "/batch", {"rows": [{}]})[0] == 403

    def test_many_rows_cost_hardly_more_questions_than_one(
        self, send, django_assert_max_num_queries
    ):
        a_kind()
        customer = CustomerFactory()
        send([row("first", customer)])

        with django_assert_max_num_queries(22):
            _status, told = send([row(f"A{number}", customer) for number in range(100)])

        assert told["opened"] == 100


def at_once(*calls):
    """What came back from calls made at the same moment, each from a thread of its own."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait()
        try:
            answers[place] = call()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_the_same_rows_from_two_programs_are_opened_once(self, agent):
        a_kind()
        customer = CustomerFactory()
        secret = make_key(agent)
        rows = [row(f"A{number}", customer) for number in range(30)]

        told = at_once(
            lambda: post(secret, "/batch", {"rows": rows}),
            lambda: post(secret, "/batch", {"rows": rows[::-1]}),
            lambda: post(secret, "/batch", {"rows": rows[10:20]}),
        )

        assert [status for status, _said in told] == [200, 200, 200]
        assert sum(said["opened"] for _status, said in told) == 30
        assert Case.objects.count() == 30
        numbers = {one["key"]: one["number"] for _status, said in told for one in said["rows"]}
        assert len(set(numbers.values())) == 30
        assert NumberSeries.objects.get(name__startswith="TS-").last == 30

    def test_two_programs_that_close_a_case_at_once_close_it_once(self, agent):
        case = answered(taken(a_case(agent, kind=a_kind(needs_follow_up=False)), agent), agent)
        secret = make_key(agent)
        end = {"cause": "equipment", "corrective_action": "每月检查", "is_won_back": True}

        told = at_once(*[lambda: post(secret, f"/{case.pk}/archive", end)] * 4)

        assert sorted(status for status, _said in told) == [200, 409, 409, 409]
        assert all(case.number in said["error"] for status, said in told if status == 409)
        assert facts(case).count("CaseArchived") == 1

    def test_cases_opened_at_once_have_numbers_without_gaps(self, agent):
        a_kind()
        secret = make_key(agent)
        bodies = [row("", CustomerFactory()) for _one in range(8)]
        for body in bodies:
            del body["key"]

        told = at_once(*[lambda body=body: post(secret, "", body) for body in bodies])

        assert sorted(said["number"][-4:] for _status, said in told) == [
            f"{number:04d}" for number in range(1, 9)
        ]
