"""Who has a conversation: claimed once, handed over with a reason, first responder for good."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.serving import (
    claim_conversation,
    close_conversation,
    join_conversation,
    return_to_queue,
    take_over_conversation,
    transfer_to_queue,
    transfer_to_staff,
)
from shouwen.conversations.refusals import (
    AlreadyClaimed,
    ConversationIsClosed,
    NotTheHandler,
    ReceptionLimitReached,
)
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import AT, a_leader, an_agent, facts
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.notices.models import Notice

State, Outcome = Conversation.State, Conversation.Outcome


class TestClaim:
    def test_makes_the_claimer_handler_and_first_responder(self, waiting, agent):
        claim_conversation(waiting.pk, by=agent, at=AT)

        waiting.refresh_from_db()
        assert (waiting.handler, waiting.first_responder) == (agent, agent)
        assert (waiting.state, waiting.claimed_at, waiting.queue_seconds) == (State.OPEN, AT, 40)
        assert facts(waiting) == ["ConversationClaimed"]
        assert waiting.lines.get().meta == {"code": "claimed:claimed"}

    def test_again_by_the_same_person_changes_nothing(self, waiting, agent):
        claim_conversation(waiting.pk, by=agent, at=AT)
        claim_conversation(waiting.pk, by=agent, at=AT)

        assert facts(waiting) == ["ConversationClaimed"]

    def test_is_refused_when_somebody_has_it(self, talk, queue):
        with pytest.raises(AlreadyClaimed, match=talk.handler.name):
            claim_conversation(talk.pk, by=an_agent(queue), at=AT)

    def test_is_refused_when_it_has_ended(self, agent):
        closed = ConversationFactory(state=State.CLOSED)

        with pytest.raises(ConversationIsClosed):
            claim_conversation(closed.pk, by=agent, at=AT)

    def test_is_refused_to_whoever_does_not_serve(self, waiting):
        with pytest.raises(NotPermitted):
            claim_conversation(waiting.pk, by=StaffFactory(), at=AT)

    def test_stops_at_the_reception_limit_for_chats_only(self, queue):
        agent = an_agent(queue, reception_limit=1)
        ConversationFactory(queue=queue, handler=agent)

        with pytest.raises(ReceptionLimitReached, match="1"):
            claim_conversation(ConversationFactory(queue=queue).pk, by=agent, at=AT)
        mail = ConversationFactory(queue=queue, channel="mail")
        claim_conversation(mail.pk, by=agent, at=AT)

    def test_a_message_may_be_claimed_from_its_owner(self, queue, agent):
        message = ConversationFactory(queue=queue, state=State.MESSAGE)

        claim_conversation(message.pk, by=agent, at=AT)

        message.refresh_from_db()
        assert message.state == State.OPEN


class TestClaimAtOnce:
    @pytest.mark.parametrize("_round", range(3))
    def test_of_twenty_exactly_one_wins(self, committed, _round):
        queue = QueueFactory()
        waiting = ConversationFactory(queue=queue)
        people = [an_agent(queue, state=None) for _one in range(20)]
        won, lost, other = [], [], []

        def claim(staff):
            try:
                claim_conversation(waiting.pk, by=staff, at=AT)
                won.append(staff)
            except AlreadyClaimed:
                lost.append(staff)
            except Exception as error:  # noqa: BLE001 - shown below
                other.append(error)
            finally:
                connection.close()

        for group in (people[:10], people[10:]):
            threads = [threading.Thread(target=claim, args=(one,)) for one in group]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)

        waiting.refresh_from_db()
        assert other == []
        assert [waiting.handler] == [waiting.first_responder] == won
        assert len(lost) == 19

    def test_round_after_round_of_fifty_exactly_one_wins(self, committed):
        queue = QueueFactory()
        people = [an_agent(queue, state=None) for _one in range(50)]

        def claim(staff, waiting):
            try:
                claim_conversation(waiting.pk, by=staff, at=AT)
            except AlreadyClaimed:
                return None
            finally:
                connection.close()
            return staff

        with ThreadPoolExecutor(len(people)) as pool:
            for _round in range(10):
                waiting = ConversationFactory(queue=queue, channel="mail")
                won = list(pool.map(claim, people, [waiting] * len(people)))

                waiting.refresh_from_db()
                assert [one for one in won if one] == [waiting.handler]

    def test_nobody_gets_past_his_limit_by_claiming_two_at_once(self, committed):
        queue = QueueFactory()
        agent = an_agent(queue, reception_limit=1, state=None)
        waiting = [ConversationFactory(queue=queue) for _one in range(6)]
        start = threading.Barrier(3)

        def claim(mine):
            try:
                start.wait()
                for one in mine:
                    try:
                        claim_conversation(one.pk, by=agent, at=AT)
                    except Refused:
                        continue
            finally:
                connection.close()

        threads = [threading.Thread(target=claim, args=(waiting[n::3],)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert Conversation.objects.open().count() == 1


class TestFirstResponder:
    @pytest.mark.duty("D270", "D437")
    def test_stays_through_every_transfer_with_the_reason_in_history(self, talk, agent, queue):
        second, third = an_agent(queue), an_agent(QueueFactory())

        transfer_to_staff(talk.pk, to=second, reason="懂电梯", by=agent, at=AT)
        transfer_to_queue(talk.pk, queue=third.queues.get(), reason="工程部", by=second, at=AT)
        claim_conversation(talk.pk, by=third, at=AT)
        close_conversation(talk.pk, by=third, at=AT)

        talk.refresh_from_db()
        assert (talk.first_responder, talk.handler) == (agent, third)
        told = history_of("conversation", talk.pk).filter(name__endswith="Transferred")
        assert [one.payload["reason"] for one in told] == ["工程部", "懂电梯"]

    @pytest.mark.parametrize("value", [None, "other"])
    def test_the_database_itself_refuses_to_change_it(self, talk, value):
        other = StaffFactory().pk if value else None

        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            Conversation.objects.filter(pk=talk.pk).update(
                first_responder=other, handler=None, state="queued"
            )

    def test_the_database_refuses_a_handler_without_one(self, waiting, agent):
        with pytest.raises(DatabaseError), transaction.atomic():
            Conversation.objects.filter(pk=waiting.pk).update(handler=agent, state="open")

    @pytest.mark.duty("D437")
    def test_is_told_when_his_conversation_moves_on(self, talk, agent, queue):
        second, third = an_agent(queue), an_agent(queue)
        transfer_to_staff(talk.pk, to=second, reason="懂电梯", by=agent, at=AT)
        run_waiting_jobs()
        Notice.objects.all().delete()

        transfer_to_staff(talk.pk, to=third, reason="换班", by=second, at=AT)
        run_waiting_jobs()

        assert set(Notice.objects.values_list("staff", flat=True)) == {agent.pk, third.pk}


class TestTransfer:
    def test_needs_a_reason(self, talk, agent, queue):
        for reason in ("", "  "):
            with pytest.raises(Refused):
                transfer_to_staff(talk.pk, to=an_agent(queue), reason=reason, by=agent, at=AT)
            with pytest.raises(Refused):
                transfer_to_queue(talk.pk, queue=queue, reason=reason, by=agent, at=AT)
            with pytest.raises(Refused):
                return_to_queue(talk.pk, reason=reason, by=agent, at=AT)

        talk.refresh_from_db()
        assert talk.handler == agent

    def test_is_the_handlers_or_a_supervisors(self, talk, queue):
        other = an_agent(queue)

        with pytest.raises(NotTheHandler):
            transfer_to_staff(talk.pk, to=other, reason="我来", by=other, at=AT)
        transfer_to_staff(talk.pk, to=other, reason="调配", by=a_leader(queue), at=AT)

    @pytest.mark.parametrize("who", ["left", "no agent", "has it"])
    def test_goes_only_to_who_can_serve(self, talk, agent, who):
        to = {"left": lambda: an_agent(is_active=False), "no agent": StaffFactory}.get(
            who, lambda: agent
        )()

        with pytest.raises(Refused):
            transfer_to_staff(talk.pk, to=to, reason="请接", by=agent, at=AT)

    def test_to_a_queue_waits_there_in_its_department(self, talk, agent):
        other = QueueFactory()

        transfer_to_queue(talk.pk, queue=other, reason="工程部", by=agent, at=AT)

        talk.refresh_from_db()
        assert (talk.state, talk.handler, talk.queued_at) == (State.QUEUED, None, AT)
        assert (talk.queue, talk.department) == (other, other.department)

    def test_of_a_closed_one_is_refused(self, agent, queue):
        closed = ConversationFactory(handler=agent, state=State.CLOSED)

        with pytest.raises(ConversationIsClosed):
            transfer_to_staff(closed.pk, to=an_agent(queue), reason="x", by=agent, at=AT)

    def test_given_back_it_waits_again(self, talk, agent):
        return_to_queue(talk.pk, reason="下班", by=agent, at=AT)

        talk.refresh_from_db()
        assert (talk.state, talk.handler, talk.first_responder) == (State.QUEUED, None, agent)
        assert facts(talk) == ["ConversationQueued"]


class TestSupervise:
    def test_taking_over_needs_a_reason_and_is_written_down(self, talk, agent, queue):
        leader = a_leader(queue)

        with pytest.raises(Refused):
            take_over_conversation(talk.pk, reason=" ", by=leader, at=AT)
        take_over_conversation(talk.pk, reason="客户投诉", by=leader, at=AT)

        talk.refresh_from_db()
        assert (talk.handler, talk.first_responder) == (leader, agent)
        payload = history_of("conversation", talk.pk).first().payload
        assert (payload["how"], payload["from_staff_id"], payload["reason"]) == (
            "taken_over",
            agent.pk,
            "客户投诉",
        )
        assert take_over_conversation(talk.pk, reason="x", by=leader, at=AT).handler == leader
        assert facts(talk) == ["ConversationClaimed"]

    def test_agents_may_not(self, talk, queue):
        other = an_agent(queue)

        with pytest.raises(NotPermitted):
            take_over_conversation(talk.pk, reason="x", by=other, at=AT)
        with pytest.raises(NotPermitted):
            join_conversation(talk.pk, by=other)

    def test_a_closed_one_is_not_taken_over(self, queue):
        closed = ConversationFactory(state=State.CLOSED)

        with pytest.raises(ConversationIsClosed):
            take_over_conversation(closed.pk, reason="x", by=a_leader(queue), at=AT)

    def test_looking_in_is_recorded(self, talk, queue):
        leader = a_leader(queue)

        join_conversation(talk.pk, by=leader)

        row = history_of("conversation", talk.pk).get()
        assert (row.name, row.by_id) == ("conversations.ConversationJoined", leader.pk)
