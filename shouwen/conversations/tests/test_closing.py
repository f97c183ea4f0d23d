"""How a conversation ends, what is owed then, and how it comes back."""

import pytest
from django.db import transaction
from django.utils import timezone

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.conversations import workflow
from shouwen.conversations.models import CallBack, Conversation
from shouwen.conversations.operations.serving import (
    become_message,
    close_conversation,
    lock,
    move,
    reopen,
)
from shouwen.conversations.refusals import (
    ConversationIsClosed,
    NotTheHandler,
)
from shouwen.conversations.tests.factories import ConversationFactory, LineFactory
from shouwen.conversations.tests.make import AT, agent_line, an_agent, facts, post

State, Outcome = Conversation.State, Conversation.Outcome


class TestClose:
    @pytest.mark.duty("D154")
    def test_one_that_nobody_answered_is_missed_and_called_back_once(self, talk, agent):
        LineFactory(conversation=talk)

        close_conversation(talk.pk, by=agent, at=AT)
        close_conversation(talk.pk, by=agent, at=AT)

        talk.refresh_from_db()
        task = CallBack.objects.get()
        assert (talk.state, talk.outcome) == (State.CLOSED, Outcome.MISSED)
        assert (task.reason, task.owner, task.conversation) == ("abandoned", agent, talk)
        assert facts(talk) == ["CallBackOwed", "ConversationClosed"] or facts(talk) == [
            "ConversationClosed",
            "CallBackOwed",
        ]

    def test_an_answered_one_owes_nothing(self, talk, agent):
        post(agent_line(talk, agent))

        close_conversation(talk.pk, by=agent, at=AT)

        talk.refresh_from_db()
        assert (talk.outcome, talk.closed_at) == (Outcome.ANSWERED, AT)
        assert not CallBack.objects.exists()

    def test_is_not_for_bystanders_but_for_the_customer(self, talk, queue):
        with pytest.raises(NotTheHandler):
            close_conversation(talk.pk, by=an_agent(queue), at=AT)

        close_conversation(talk.pk, by=an_agent(queue), at=AT, by_customer=True)
        talk.refresh_from_db()
        assert talk.is_closed

    def test_in_the_queue_the_owner_of_the_queue_calls_back(self, queue):
        owner = an_agent(queue)
        queue.owner = owner
        queue.save()
        waiting = ConversationFactory(queue=queue)

        close_conversation(waiting.pk, by=owner, at=AT, by_customer=True)

        assert CallBack.objects.get().owner == owner

    def test_a_missed_call_is_a_missed_call(self, queue, agent):
        call = ConversationFactory(queue=queue, handler=agent, channel="phone")

        close_conversation(call.pk, by=agent, at=AT)

        assert CallBack.objects.get().reason == "missed"


class TestReopen:
    @transaction.atomic
    def again(self, conversation):
        locked = lock(conversation.pk)
        reopen(locked, by=conversation.handler or StaffFactory(), at=AT)
        conversation.refresh_from_db()
        return conversation

    def test_comes_back_to_its_last_handler(self, agent, queue):
        closed = self.again(ConversationFactory(queue=queue, handler=agent, state=State.CLOSED))

        assert (closed.state, closed.handler, closed.closed_at) == (State.OPEN, agent, None)
        assert facts(closed) == ["ConversationReopened"]

    def test_waits_when_its_handler_has_left(self, queue):
        gone = an_agent(queue, is_active=False)

        closed = self.again(ConversationFactory(queue=queue, handler=gone, state=State.CLOSED))

        assert (closed.state, closed.handler, closed.first_responder) == (State.QUEUED, None, gone)


class TestWorkflow:
    @pytest.mark.parametrize(
        ("state", "to", "may"),
        [
            ("queued", "open", True),
            ("queued", "message", True),
            ("open", "message", False),
            ("message", "queued", True),
            ("closed", "open", True),
            ("closed", "message", False),
            ("closed", "closed", False),
        ],
    )
    def test_moves_are_a_table(self, state, to, may):
        assert workflow.may_move(state, to) is may

    def test_a_move_that_is_not_in_it_is_refused(self):
        with pytest.raises(ConversationIsClosed):
            move(Conversation(state=State.CLOSED, number="HH-1"), State.MESSAGE)

    def test_a_message_has_an_owner_or_none(self, waiting, agent):
        with transaction.atomic():
            become_message(lock(waiting.pk), None, reason="full", by=agent, at=AT)

        waiting.refresh_from_db()
        assert (waiting.state, waiting.handler) == (State.MESSAGE, None)
        assert timezone.is_aware(waiting.queued_at)
