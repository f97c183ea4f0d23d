"""Who was asked first stays responsible: his list, what he hears, and telling the customer."""

from datetime import timedelta

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.conversations.operations.log import tell_customer
from shouwen.conversations.operations.serving import (
    close_conversation,
    take_over_conversation,
    transfer_to_staff,
)
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up
from shouwen.conversations.queries.conversations import first_asked_open
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    agent_line,
    an_agent,
    customer_line,
    post,
    sign_in,
)
from shouwen.core.jobs import run_waiting_jobs
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import install_calendars, sweep_deadlines
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(db):
    install_calendars(by=system_staff())
    return QueueFactory()


@pytest.fixture
def first(queue):
    return an_agent(queue)


@pytest.fixture
def second(queue):
    return an_agent(queue)


@pytest.fixture
def handed_on(queue, first, second):
    talk = ConversationFactory(queue=queue, handler=first, opened_at=AT)
    post(customer_line(talk))
    transfer_to_staff(talk.pk, to=second, reason="工程", by=first, at=AT)
    run_waiting_jobs()
    talk.refresh_from_db()
    return talk


def clock(talk) -> Deadline:
    return Deadline.objects.filter(subject_id=talk.pk, kind="progress").latest("pk")


def heard(staff, kind: str) -> list[str]:
    return list(
        Notice.objects.filter(staff=staff, kind=f"conversations.{kind}").values_list(
            "text", flat=True
        )
    )


@pytest.mark.duty("D665")
def test_keeps_what_others_have_on_his_list_until_the_customer_has_his_answer(
    client, handed_on, first, second
):
    assert list(first_asked_open(first)) == [handed_on]
    assert not first_asked_open(second).exists()
    sign_in(client, first)
    page = client.get("/workspace/rows", {"tab": "first"}).content.decode()
    assert f'id="row-{handed_on.pk}"' in page

    post(agent_line(handed_on, second, "明天修"))
    points = (Point(text="电梯", is_solved=False),)
    summary = Summary(kind="repair", demand="修电梯", points=points, next_action="修")
    wrap_up = finish_wrap_up(handed_on.pk, summary=summary, by=second, at=AT)
    assert list(first_asked_open(first)) == [handed_on]
    wrap_up.points.update(solved_at=AT)
    type(handed_on).objects.filter(pk=handed_on.pk).update(has_unsolved_points=False)
    assert list(first_asked_open(first)) == [handed_on]
    tell_customer(handed_on.pk, way="phone", text="已修好", is_final=True, by=first, at=AT)
    assert not first_asked_open(first).exists()


@pytest.mark.duty("D665")
def test_is_reminded_to_tell_the_customer_and_telling_is_on_record(handed_on, first):
    running = clock(handed_on)
    assert running.amount == 120
    sweep_deadlines(at=running.due_at)
    run_waiting_jobs()
    assert handed_on.number in heard(first, "inform")[0]

    later = AT + timedelta(hours=3)
    told = tell_customer(
        handed_on.pk, way="phone", text="配件在途", is_final=False, by=first, at=later
    )
    assert (told.by, told.text) == (first, "配件在途")
    running.refresh_from_db()
    assert running.met_at
    assert clock(handed_on).is_running  # the next time is counted anew


@pytest.mark.duty("D665")
def test_hears_of_each_step_somebody_else_takes(handed_on, queue, first, second):
    leader = a_leader(queue)
    take_over_conversation(handed_on.pk, reason="加急", by=leader, at=AT)
    run_waiting_jobs()
    assert any(leader.public_name in text for text in heard(first, "step"))
    tell_customer(handed_on.pk, way="phone", text="在修", is_final=False, by=leader, at=AT)
    close_conversation(handed_on.pk, by=leader, at=AT)
    run_waiting_jobs()
    assert len(heard(first, "step")) == 3
    assert not heard(leader, "step")


def test_of_his_own_matters_nothing_runs(queue, first):
    talk = ConversationFactory(queue=queue, handler=first, opened_at=AT)
    post(agent_line(talk, first))
    close_conversation(talk.pk, by=first, at=AT)
    run_waiting_jobs()
    assert not Deadline.objects.filter(kind="progress").exists()
    assert not heard(first, "step")


def test_back_in_his_hands_the_clock_ends(handed_on, first, second):
    transfer_to_staff(handed_on.pk, to=first, reason="还给首问", by=second, at=AT)
    assert clock(handed_on).cancelled_at
    assert not first_asked_open(first).exists()
