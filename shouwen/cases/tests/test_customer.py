"""What a customer does himself: sends a matter in, adds a word, says whether it is solved."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from shouwen.accounts.models import Company
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, RoleFactory, StaffFactory
from shouwen.cases.models import Case, CustomerWord, FollowUpDuty
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.answering import wait_for_customer
from shouwen.cases.operations.customer import (
    MatterClosed,
    NothingSaid,
    Request,
    Word,
    add_customer_word,
    say_whether_solved,
    send_request,
)
from shouwen.cases.operations.relating import merge_case
from shouwen.cases.operations.statuslinks import give_link
from shouwen.cases.operations.steps import finish_step
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.status import link_of_token, status_page
from shouwen.cases.statuslinks import ref_of, status_token
from shouwen.cases.tests.make import AT, a_kind, answered, archived, facts, taken
from shouwen.core.files import store_file
from shouwen.core.jobs import run_waiting_jobs
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.tests.factories import ContactPointFactory, CustomerFactory
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def a_request(**changes) -> Request:
    """A customer's form, filled in."""
    values = {
        "kind": changes.pop("kind", None) or a_kind(is_public=True, needs_approval="never"),
        "submission": uuid4(),
        "name": "周琳",
        "phone": "138 0013 7719",
        "matter": "3栋电梯又停了，母亲坐轮椅下不了楼。",
        "demand": "今天修好",
        "values": {"area": "3栋", "room": "1102", "phone": "13800137719"},
        **changes,
    }
    return Request(**values)


def of_link(link) -> Case:
    return Case.objects.get(pk=link.case_id)


class TestSendRequest:
    @pytest.mark.duty("D065", "D001")
    def test_opens_a_case_with_number_customer_and_link(self, receiver, department):
        link = send_request(a_request(), at=AT)

        case = of_link(link)
        assert case.number.startswith("TS-202611-")
        assert (case.way, case.stage, case.department) == ("form", "accept", department)
        assert case.customer.name == "周琳"
        assert case.customer.contact_points.get().normalised == "+8613800137719"
        assert link.consented_at == AT
        assert case.due_at

    def test_sent_twice_is_one_case(self, receiver):
        request = a_request()

        assert send_request(request, at=AT) == send_request(request, at=LATER)
        assert Case.objects.count() == 1

    def test_finds_the_customer_by_his_phone_and_leaves_his_file_alone(self, receiver):
        known = CustomerFactory(name="周女士")
        ContactPointFactory(
            customer=known, kind="phone", value="13800137719", normalised="+8613800137719"
        )

        link = send_request(a_request(mail="stranger@else.example"), at=AT)

        assert of_link(link).customer == known
        assert Customer.objects.get().name == "周女士"
        assert ContactPoint.objects.count() == 1
        assert link.mail == "stranger@else.example"

    def test_goes_to_the_department_that_the_company_named(self, receiver, department):
        named = DepartmentFactory(name="投诉受理中心")
        Company.objects.create(pk=1, complaint_department=named)

        assert of_link(send_request(a_request(), at=AT)).department == named

    def test_goes_to_the_department_of_the_kind_first(self, receiver):
        own = DepartmentFactory(name="工程部", code="engineering")
        kind = a_kind(is_public=True, department="engineering")

        assert of_link(send_request(a_request(kind=kind), at=AT)).department == own

    def test_keeps_what_the_customer_wrote_and_his_pictures(self, receiver):
        picture = store_file("a.txt", b"no picture, but kept alike")

        link = send_request(a_request(files=[picture]), at=AT)

        word = CustomerWord.objects.get()
        assert word.is_first
        assert word.text == "3栋电梯又停了，母亲坐轮椅下不了楼。"
        assert word.papers.get().case == of_link(link)

    @pytest.mark.duty("D696")
    def test_the_department_hears_of_it(self, receiver):
        send_request(a_request(), at=AT)

        run_waiting_jobs()

        assert Notice.objects.filter(staff=receiver, kind="cases.arrived").count() == 1


class TestFirstResponder:
    @pytest.mark.duty("D270")
    def test_is_whoever_takes_it_and_then_for_good(self, receiver):
        case = of_link(send_request(a_request(), at=AT))
        assert case.first_responder == system_staff()

        case = accept_case(case.pk, by=receiver, at=LATER)

        assert case.first_responder == receiver
        case.first_responder = StaffFactory()
        with pytest.raises(DatabaseError), transaction.atomic():
            case.save(update_fields=["first_responder"])

    def test_nobody_asked_yet_it_is_anybodys(self, receiver):
        step = {"code": "hear", "name": "听清楚", "stage": "accept"}
        kind = a_kind(is_public=True, needs_approval="never", steps=[step])
        case = of_link(send_request(a_request(kind=kind), at=AT))
        finish_step(case.pk, code="hear", by=receiver, at=AT)
        accept_case(case.pk, by=receiver, at=AT)

        assert of_link(case.status_link).handler == receiver

    def test_until_then_everybody_who_may_take_it_sees_it(self, receiver, department):
        case = of_link(send_request(a_request(), at=AT))
        near_sighted = RoleFactory(permissions=["cases.handle"], reach="own")
        colleague, stranger = StaffFactory(department=department), StaffFactory()
        for one in (colleague, stranger):
            one.roles.add(near_sighted)
        assert case in visible_cases(colleague)
        assert case not in visible_cases(stranger)

        accept_case(case.pk, by=receiver, at=AT)

        assert case not in visible_cases(colleague)


class TestAddWord:
    @pytest.fixture
    def link(self, receiver):
        link = send_request(a_request(), at=AT)
        accept_case(link.case_id, by=receiver, at=AT)
        return link

    def test_lies_with_the_case_once_and_the_handler_hears_of_it(self, link, receiver):
        said = Word(key=uuid4(), text="水漏到一楼了")

        assert add_customer_word(link.pk, said, at=LATER) == add_customer_word(
            link.pk, said, at=LATER
        )

        run_waiting_jobs()
        texts = Notice.objects.filter(staff=receiver).values_list("text", flat=True)
        assert len([one for one in texts if "客户补充" in one]) == 1
        assert "CustomerSpoke" in facts(of_link(link))

    @pytest.mark.duty("D223")
    def test_is_no_progress_of_ours(self, link):
        before = of_link(link).last_progress_at

        add_customer_word(link.pk, Word(key=uuid4(), text="还在等"), at=LATER)

        assert of_link(link).last_progress_at == before

    def test_ends_our_wait_for_him(self, link, receiver):
        wait_for_customer(link.case_id, reason="等他的照片", by=receiver, at=AT)

        add_customer_word(link.pk, Word(key=uuid4(), text="照片来了"), at=LATER)

        case = of_link(link)
        assert case.waiting_since is None
        assert case.due_at is not None

    def test_refuses_nothing_and_a_closed_case(self, link, receiver):
        with pytest.raises(NothingSaid):
            add_customer_word(link.pk, Word(key=uuid4(), text=" "), at=LATER)
        Case.objects.filter(pk=link.case_id).update(stage="archive", closed_at=LATER)
        with pytest.raises(MatterClosed):
            add_customer_word(link.pk, Word(key=uuid4(), text="还有"), at=LATER)

    def test_follows_a_merge(self, link, receiver):
        boss = StaffFactory(role="supervisor", department=receiver.department)
        other = send_request(a_request(kind=of_link(link).kind), at=AT)
        accept_case(other.case_id, by=receiver, at=AT)
        merge_case(link.case_id, into_id=other.case_id, by=boss, at=AT)

        word = add_customer_word(link.pk, Word(key=uuid4(), text="补充"), at=LATER)

        assert word.case_id == other.case_id


class TestSolved:
    @pytest.fixture
    def link(self, receiver):
        link = send_request(a_request(), at=AT)
        answered(taken(of_link(link), receiver), receiver)
        return link

    @pytest.mark.duty("D062", "D688")
    def test_his_own_yes_is_the_follow_up(self, link):
        say_whether_solved(link.pk, is_solved=True, words="谢谢", at=LATER)
        say_whether_solved(link.pk, is_solved=True, at=LATER)

        case = of_link(link)
        duty = FollowUpDuty.objects.get(case=case)
        assert (duty.result, duty.way, case.stage) == ("satisfied", "form", "archive")
        assert case.answers.get().reply == "accepted"

    def test_his_no_is_worked_on_again(self, link):
        with pytest.raises(NothingSaid):
            say_whether_solved(link.pk, is_solved=False, at=LATER)

        say_whether_solved(link.pk, is_solved=False, words="还是停", at=LATER)

        case = of_link(link)
        assert (case.stage, case.reopened_count) == ("handle", 1)
        assert case.answers.get().reply_words == "还是停"


class TestStatusPage:
    def test_only_what_we_signed_opens_it(self, receiver):
        link = send_request(a_request(), at=AT)
        token = status_token(link.ref)

        assert link_of_token(token) == link
        assert len(token) - len(link.ref) == 26  # of 32 letters: 130 bits
        assert link_of_token(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
        assert link_of_token(link.ref) is None
        assert ref_of("x" * 42) == ""

    def test_a_new_link_ends_the_old_one(self, receiver):
        link = send_request(a_request(), at=AT)
        accept_case(link.case_id, by=receiver, at=AT)
        old = status_token(link.ref)

        new = give_link(link.case_id, by=receiver, at=LATER, is_anew=True)

        assert link_of_token(old) is None
        assert link_of_token(status_token(new.ref)) == new
        assert facts(of_link(link)).count("StatusLinkMade") == 2

    def test_shows_the_way_in_his_words(self, receiver):
        link = send_request(a_request(), at=AT)
        page = status_page(link, at=AT)
        assert [one.state for one in page.steps] == ["current", "", "", "", ""]
        assert (page.person, page.is_late) == ("", False)

        answered(taken(of_link(link), receiver), receiver)

        page = status_page(link, at=LATER)
        assert [one.state for one in page.steps] == ["done", "done", "done", "current", ""]
        assert page.person == receiver.public_name
        assert page.asks == page.answers[0]

    def test_says_when_it_is_later_than_promised(self, receiver):
        link = send_request(a_request(), at=AT)

        assert status_page(link, at=AT + timedelta(days=2)).is_late

    def test_ends_with_the_case(self, receiver):
        link = send_request(a_request(), at=AT)
        archived(of_link(link), receiver)

        page = status_page(link, at=LATER)

        assert not page.is_open
        assert page.asks is None
        assert {one.state for one in page.steps} == {"done"}


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_is_one_case(calendars, department):
    StaffFactory(role="agent", department=department)
    request, barrier, links = a_request(), Barrier(4), []

    def tap() -> None:
        barrier.wait()
        links.append(send_request(request, at=AT).pk)
        connections.close_all()

    taps = [Thread(target=tap) for _number in range(4)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    assert Case.objects.count() == 1
    assert len(links) == 4
    assert len(set(links)) == 1
