"""Short words for what nearly every test of conversations needs."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from shouwen.accounts.models import Presence, PresenceState, Staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.conversations.operations.lines import NewLine, Posted, post_lines
from shouwen.conversations.operations.talk import Said, visitor_line
from shouwen.conversations.tests.factories import ConversationFactory
from shouwen.core.history import history_of
from shouwen.notices.operations import check_start_of_day

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, ten o'clock in Shanghai


def an_agent(
    *queues: Queue, state: str | None = PresenceState.ONLINE, role: str = "agent", **fields: Any
) -> Staff:
    """Somebody who serves these queues, in the first one's department, and is there."""
    if queues:
        fields.setdefault("department", queues[0].department)
    staff = StaffFactory(role=role, **fields)
    for queue in queues:
        queue.members.add(staff)
    if state:
        Presence.objects.create(staff=staff, state=state, since=AT)
    return staff


def sign_in(client: Client, staff: Staff) -> Staff:
    """Somebody at the desk, who has looked at system, phone and network today."""
    client.force_login(staff)
    check_start_of_day({}, at=timezone.now(), by=staff)
    return staff


def a_leader(*queues: Queue, **fields: Any) -> Staff:
    """Somebody who may look in, join and take over."""
    return an_agent(*queues, role="team_leader", **{"state": None, **fields})


def customer_line(conversation: Conversation, text: str = "电梯坏了", **more: Any) -> NewLine:
    """What the customer says."""
    return NewLine(
        conversation_id=conversation.pk,
        kind=Line.Kind.CUSTOMER,
        text=text,
        author_name="周玉兰",
        **more,
    )


def agent_line(conversation: Conversation, by: Staff, text: str = "马上来", **more: Any) -> NewLine:
    """What an agent says."""
    return NewLine(conversation_id=conversation.pk, kind=Line.Kind.AGENT, text=text, by=by, **more)


def a_note(conversation: Conversation, by: Staff, text: str = "老客户", **more: Any) -> NewLine:
    """What an agent writes for colleagues."""
    return NewLine(conversation_id=conversation.pk, kind=Line.Kind.NOTE, text=text, by=by, **more)


def post(*news: NewLine, at: datetime = AT) -> list[Posted]:
    """Write lines."""
    return post_lines(list(news), at=at)


def say(
    visitor_id: int,
    text: str = "在吗",
    client_id: UUID | None = None,
    at: datetime = AT,
    **more: Any,
) -> Line:
    """A visitor's line through his own door, written."""
    said = Said(client_id=client_id or uuid4(), text=text, **more)
    new = visitor_line(visitor_id, said, at)
    posted = post_lines([new], at=at)[0] if isinstance(new, NewLine) else new
    return posted.kept()


def a_talk(queue: Queue, channel: str = Conversation.Channel.MAIL, **fields: Any) -> Conversation:
    """A conversation by some channel, opened at ten."""
    return ConversationFactory(queue=queue, channel=channel, opened_at=AT, **fields)


def ask(talk: Conversation, at: datetime = AT) -> Conversation:
    """The customer asks; the conversation as it is then."""
    post(customer_line(talk), at=at)
    talk.refresh_from_db()
    return talk


def seqs(conversation: Conversation) -> list[tuple[int, int, str]]:
    """Sequence number, revision and words of each line, in the order of writing."""
    return list(conversation.lines.order_by("pk").values_list("seq", "rev", "text"))


def facts(conversation: Conversation, name: str = "") -> list[str]:
    """The names of what history tells of a conversation, oldest first."""
    rows = history_of("conversation", conversation.pk).order_by("pk")
    names = [row.name.partition(".")[2] for row in rows]
    return [one for one in names if not name or one == name]
