"""Test data of conversations. State only what the test is about; lines are said through operations."""

from datetime import datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.conversations.models import CallBack, Conversation, Line, Queue, Visitor, WidgetSite
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.queries.visitors import token_hash
from shouwen.customers.tests.factories import CustomerFactory

State = Conversation.State


class QueueFactory(DjangoModelFactory):
    """A queue without service hours (always open). `members=[...]` gives it people."""

    class Meta:
        model = Queue
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"queue-{n}")
    name = factory.Sequence(lambda n: f"接待组{n}")
    department = factory.SubFactory(DepartmentFactory)

    @factory.post_generation
    def members(self: Queue, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.members.set(extracted)


class WidgetSiteFactory(DjangoModelFactory):
    """A chat widget with a queue of its own."""

    class Meta:
        model = WidgetSite

    key = factory.Sequence(lambda n: f"site{n:012d}")
    name = factory.Sequence(lambda n: f"官网{n}")
    title = "在线客服"
    greeting = "您好,请问有什么可以帮您?"
    queue = factory.SubFactory(QueueFactory)


class VisitorFactory(DjangoModelFactory):
    """A browser known by `token` (default "token-<n>")."""

    class Meta:
        model = Visitor

    class Params:
        token = factory.Sequence(lambda n: f"token-{n}")

    site = factory.SubFactory(WidgetSiteFactory)
    token_hash = factory.LazyAttribute(lambda one: token_hash(one.token))
    short_name = factory.Sequence(lambda n: f"{n % 0x10000:04X}")
    seen_at = factory.LazyFunction(timezone.now)


class ConversationFactory(DjangoModelFactory):
    """A waiting web chat. With `handler=` it is being served; `state="closed"` gives a closing time."""

    class Meta:
        model = Conversation

    number = factory.Sequence(lambda n: f"HH-202611-{n:05d}")
    channel = Conversation.Channel.CHAT
    customer = factory.SubFactory(CustomerFactory)
    queue = factory.SubFactory(QueueFactory)
    department = factory.LazyAttribute(lambda one: one.queue.department)
    handler = None
    first_responder = factory.LazyAttribute(lambda one: one.handler)
    state = factory.LazyAttribute(lambda one: State.OPEN if one.handler else State.QUEUED)
    opened_at = factory.LazyFunction(timezone.now)
    queued_at = factory.LazyAttribute(lambda one: one.opened_at)
    last_line_at = factory.LazyAttribute(lambda one: one.opened_at)
    claimed_at = factory.LazyAttribute(lambda one: one.opened_at if one.handler else None)
    closed_at = factory.LazyAttribute(
        lambda one: one.opened_at if one.state == State.CLOSED else None
    )


class LineFactory(DjangoModelFactory):
    """A line said through `post_line`; `by=` makes it the agent's, `kind="note"` a note."""

    class Meta:
        model = Line

    conversation = factory.SubFactory(ConversationFactory)
    text = factory.Sequence(lambda n: f"请问第{n}期什么时候交房?")

    @classmethod
    def _create(cls, model_class: type[Line], *args: Any, **kwargs: Any) -> Line:
        conversation: Conversation = kwargs.pop("conversation")
        at: datetime = kwargs.pop("at", None) or timezone.now()
        by = kwargs.get("by")
        kwargs.setdefault("kind", Line.Kind.AGENT if by else Line.Kind.CUSTOMER)
        line = post_line(NewLine(conversation_id=conversation.pk, **kwargs), at=at)
        conversation.refresh_from_db()
        return line


class CallBackFactory(DjangoModelFactory):
    """A call somebody owes the customer of `conversation`."""

    class Meta:
        model = CallBack

    conversation = factory.SubFactory(ConversationFactory)
    customer = factory.LazyAttribute(lambda one: one.conversation.customer)
    department = factory.LazyAttribute(lambda one: one.conversation.department)
    owner = factory.SubFactory(StaffFactory)
    reason = CallBack.Reason.MISSED
    due_at = factory.LazyFunction(timezone.now)
