"""Each change tells exactly one fact: its name, what it is about, who did it, and the values."""

from typing import Any

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import (
    ConversationBecameMessage,
    ConversationTransferred,
    CustomerMarkedHarassing,
    HarassmentLifted,
    LineRecalled,
    LinesPosted,
    PointSolved,
    QueueChanged,
    WidgetSiteChanged,
    WrapUpFinished,
)
from shouwen.conversations.models import SummaryPoint
from shouwen.conversations.operations.lines import post_line, recall_line
from shouwen.conversations.operations.routing import settle_new_chat
from shouwen.conversations.operations.serving import transfer_to_queue, transfer_to_staff
from shouwen.conversations.operations.setup import save_queue, save_widget_site
from shouwen.conversations.operations.tasks import lift_harassment, mark_harassing
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up, solve_point
from shouwen.conversations.tests.factories import (
    ConversationFactory,
    QueueFactory,
    WidgetSiteFactory,
)
from shouwen.conversations.tests.make import AT, agent_line, an_agent
from shouwen.core.bus import Event
from shouwen.core.models import HistoryEntry
from shouwen.deadlines.tests.factories import NEVER_OPEN, make_calendar

pytestmark = pytest.mark.django_db


def told(event_type: type[Event]) -> HistoryEntry:
    """The one fact of this kind."""
    return HistoryEntry.objects.get(name=event_type.event_name())


def says(event_type: type[Event], subject: tuple[str, int], by: Any, **values: Any) -> bool:
    """Whether the one fact of this kind is about the subject, by this person, with these values."""
    row = told(event_type)
    assert (row.subject_kind, row.subject_id) == subject
    assert row.by_id == (by.pk if by else None)
    assert {name: row.payload[name] for name in values} == values
    return True


def place(talk) -> dict[str, int]:
    return {"queue_id": talk.queue_id, "department_id": talk.department_id}


def test_a_transfer_to_a_person(talk, agent):
    to = an_agent(talk.queue)

    transfer_to_staff(talk.pk, to=to, reason="懂电梯", by=agent, at=AT)

    subject, values = ("conversation", talk.pk), {"reason": "懂电梯"} | place(talk)
    people = {"from_staff_id": agent.pk, "to_staff_id": to.pk}
    assert says(ConversationTransferred, subject, agent, **values, **people)


def test_a_transfer_to_a_group_tells_where_it_is_now(talk, agent):
    other = QueueFactory()

    transfer_to_queue(talk.pk, queue=other, reason="工程部", by=agent, at=AT)

    values = {"queue_id": other.pk, "department_id": other.department_id, "to_staff_id": None}
    assert says(ConversationTransferred, ("conversation", talk.pk), agent, **values)


def test_a_message_tells_why_and_who_owns_it(agent):
    queue = QueueFactory(calendar=make_calendar(week=NEVER_OPEN), owner=agent)
    chat = ConversationFactory(queue=queue)

    settle_new_chat(chat.pk, at=AT)

    values = {"owner_id": agent.pk, "reason": "closed"}
    assert says(ConversationBecameMessage, ("conversation", chat.pk), system_staff(), **values)


def test_a_warning_and_its_end_are_about_the_customer(talk, agent):
    subject = ("customer", talk.customer_id)

    mark = mark_harassing(talk.pk, reason="辱骂", handling="挂断", by=agent)
    assert says(CustomerMarkedHarassing, subject, agent, reason="辱骂", handling="挂断")

    lift_harassment(mark.pk, by=agent, at=AT)
    assert says(HarassmentLifted, subject, agent)


def test_a_summary_and_a_solved_point(talk, agent):
    points = (Point(text="退费", is_solved=False), Point(text="电梯", is_solved=True))
    summary = Summary(kind="repair", demand="修电梯", points=points, next_action="问财务")

    post_line(agent_line(talk, agent), at=AT)
    finish_wrap_up(talk.pk, summary=summary, by=agent, at=AT)
    assert says(WrapUpFinished, ("conversation", talk.pk), agent, unsolved=1)

    point = SummaryPoint.objects.get(solved_at=None)
    solve_point(point.pk, solution="已退", by=agent, at=AT)
    assert says(PointSolved, ("conversation", talk.pk), agent, point_id=point.pk)


def test_lines_and_a_recall(talk, agent):
    line = post_line(agent_line(talk, agent), at=AT)
    (posted,) = told(LinesPosted).payload["lines"]
    assert (posted["conversation_id"], posted["seq"], posted["kind"]) == (talk.pk, 1, "agent")

    recall_line(line.pk, by=agent, at=AT)
    assert says(LineRecalled, ("conversation", talk.pk), agent, line_id=line.pk)


def test_queues_and_widgets():
    boss = an_agent(role="administrator")
    queue, site = QueueFactory(), WidgetSiteFactory()

    save_queue(queue, members=[], by=boss)
    save_widget_site(site, by=boss)

    assert says(QueueChanged, ("queue", queue.pk), boss)
    assert says(WidgetSiteChanged, ("widget_site", site.pk), boss)
