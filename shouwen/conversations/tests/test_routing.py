"""Routing: nobody idle beside a waiting visitor, nobody over his limit, nobody waiting for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwen.accounts.models import Presence, PresenceState
from shouwen.accounts.operations.presence import set_presence
from shouwen.conversations.jobs import keep_queues_moving, notice_who_is_gone
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.presence import BEAT, end_presence_of_the_gone
from shouwen.conversations.operations.routing import (
    message_owner,
    return_from_the_absent,
    route_waiting,
    settle_long_waits,
    settle_new_chat,
)
from shouwen.conversations.operations.serving import close_conversation, return_to_queue
from shouwen.conversations.queries.load import chats_served
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import AT, an_agent, facts
from shouwen.core.models import Heartbeat
from shouwen.customers.tests.factories import CustomerFactory
from shouwen.deadlines.tests.factories import NEVER_OPEN, make_calendar

pytestmark = pytest.mark.django_db
State = Conversation.State
SECOND = timedelta(seconds=1)


def waits(queue, seconds=0, **more):
    return ConversationFactory(queue=queue, opened_at=AT - seconds * SECOND, **more)


def handler_of(conversation):
    conversation.refresh_from_db()
    return conversation.handler


class TestChoice:
    def test_first_come_first_served(self, queue):
        agent = an_agent(queue, reception_limit=1)
        late, early = waits(queue, 5), waits(queue, 50)

        assert route_waiting(at=AT) == 1

        assert handler_of(early) == agent
        assert handler_of(late) is None
        assert early.queue_seconds == 50
        assert facts(early) == ["ConversationClaimed"]

    def test_nothing_waits_nothing_is_asked(self, queue, django_assert_num_queries):
        with django_assert_num_queries(3):
            assert route_waiting(at=AT) == 0

    def test_the_agent_who_knows_the_customer_comes_first(self, queue):
        known, idle, customer = an_agent(queue), an_agent(queue), CustomerFactory()
        ConversationFactory(queue=queue, handler=known, opened_at=AT - timedelta(days=3))
        ConversationFactory(
            queue=queue,
            handler=known,
            customer=customer,
            state=State.CLOSED,
            opened_at=AT - timedelta(days=29),
        )
        back = waits(queue, customer=customer)

        route_waiting(at=AT)

        assert handler_of(back) == known != idle

    @pytest.mark.parametrize("why", ["long ago", "full", "away"])
    def test_unless_it_is_long_ago_or_he_cannot(self, queue, why):
        known = an_agent(
            queue,
            state=PresenceState.BUSY if why == "away" else PresenceState.ONLINE,
            reception_limit=1,
        )
        other, customer = an_agent(queue), CustomerFactory()
        if why == "full":
            ConversationFactory(queue=queue, handler=known)
        days = 31 if why == "long ago" else 2
        ConversationFactory(
            queue=queue,
            handler=known,
            customer=customer,
            state=State.CLOSED,
            opened_at=AT - timedelta(days=days),
        )
        ConversationFactory(queue=queue, handler=other)
        back = waits(queue, customer=customer)

        route_waiting(at=AT)

        # The known one is idle when it is long ago: then load decides, as for everybody.
        assert handler_of(back) == (known if why == "long ago" else other)

    def test_the_first_responder_gets_his_own_back(self, queue):
        first = an_agent(queue)
        an_agent(queue)
        ConversationFactory(queue=queue, handler=first)
        back = waits(queue, first_responder=first)

        route_waiting(at=AT)

        assert handler_of(back) == first

    def test_the_least_loaded_share_counts_not_the_number(self, queue):
        small, large = an_agent(queue, reception_limit=2), an_agent(queue, reception_limit=10)
        ConversationFactory(queue=queue, handler=small)
        for _one in range(2):
            ConversationFactory(queue=queue, handler=large)
        new = waits(queue)

        route_waiting(at=AT)

        assert handler_of(new) == large

    def test_among_equals_whoever_waited_longest_for_work(self, queue):
        one, two = an_agent(queue), an_agent(queue)
        first, second = waits(queue, 9), waits(queue, 8)

        route_waiting(at=AT)

        assert {handler_of(first), handler_of(second)} == {one, two}

    def test_never_over_the_limit_also_for_mail(self, queue):
        agent = an_agent(queue, reception_limit=2)
        for _one in range(4):
            waits(queue)
        for _one in range(22):
            waits(queue, channel="mail")

        route_waiting(at=AT)

        served = Conversation.objects.open().filter(handler=agent)
        assert served.filter(channel="chat").count() == 2 == chats_served(agent)
        assert served.filter(channel="mail").count() == 20

    @pytest.mark.parametrize("state", [one for one in PresenceState if one != "online"])
    def test_only_who_is_online_gets_one(self, queue, state):
        an_agent(queue, state=state)
        an_agent(queue, state=None)
        an_agent(queue, is_active=False)
        an_agent(QueueFactory())
        waits(queue)

        assert route_waiting(at=AT) == 0

    def test_a_queue_switched_off_gives_nothing_away(self, queue):
        an_agent(queue)
        queue.is_active = False
        queue.save()
        waits(queue)

        assert route_waiting(at=AT) == 0

    def test_many_whom_nobody_can_take_hinder_nobody_behind_them(self, queue):
        abandoned = QueueFactory()
        for _one in range(51):
            waits(abandoned, 500)
            waits(queue, 500, channel="mail")
            waits(queue, 500, language="ru")
        agent, new = an_agent(queue), waits(queue)

        route_waiting(at=AT)

        assert handler_of(new) == agent


class TestLanguage:
    @pytest.mark.duty("D141")
    def test_a_foreign_language_goes_to_who_has_it(self, queue):
        an_agent(queue)
        speaks = an_agent(queue, languages=["en"])
        ConversationFactory(queue=queue, handler=speaks)
        english = waits(queue, language="en")

        route_waiting(at=AT)

        assert handler_of(english) == speaks

    @pytest.mark.duty("D141")
    def test_and_waits_if_nobody_has(self, queue):
        agent = an_agent(queue)
        english, chinese = waits(queue, 9, language="en"), waits(queue, language="zh")

        route_waiting(at=AT)

        assert (handler_of(english), handler_of(chinese)) == (None, agent)


class TestMessages:
    def test_when_the_desk_is_closed(self, queue):
        queue.calendar = make_calendar(week=NEVER_OPEN)
        queue.owner = an_agent(queue)
        queue.save()
        chat = waits(queue)

        settle_new_chat(chat.pk, at=AT)

        assert handler_of(chat) == chat.first_responder == queue.owner
        assert chat.state == State.MESSAGE
        assert chat.lines.get().meta["code"] == "message"

    def test_not_when_it_is_open(self, queue):
        queue.calendar = make_calendar()
        queue.save()
        chat = waits(queue)

        settle_new_chat(chat.pk, at=AT)

        chat.refresh_from_db()
        assert chat.state == State.QUEUED

    def test_when_too_many_wait(self, queue):
        queue.waiting_limit = 2
        queue.save()
        first, second, third = waits(queue), waits(queue), waits(queue)

        settle_new_chat(third.pk, at=AT)
        settle_new_chat(second.pk, at=AT)

        for one in (first, second, third):
            one.refresh_from_db()
        assert [one.state for one in (first, second, third)] == ["queued", "queued", "message"]

    def test_who_is_served_already_is_left_alone(self, queue):
        queue.calendar = make_calendar(week=NEVER_OPEN)
        queue.save()
        served = ConversationFactory(queue=queue, handler=an_agent(queue))

        settle_new_chat(served.pk, at=AT)

        served.refresh_from_db()
        assert served.state == State.OPEN

    def test_when_it_waited_too_long_but_only_chats(self, queue):
        late, mail, fresh = waits(queue, 601), waits(queue, 9999, channel="mail"), waits(queue, 600)

        assert settle_long_waits(at=AT) == 1

        for one in (late, mail, fresh):
            one.refresh_from_db()
        assert (late.state, mail.state, fresh.state) == ("message", "queued", "queued")

    def test_the_owner_is_the_queues_or_the_member_with_the_fewest(self, queue):
        assert message_owner(queue) is None
        busy, idle = an_agent(queue), an_agent(queue, state=None)
        ConversationFactory(queue=queue, handler=busy, state=State.MESSAGE)
        assert message_owner(queue) == idle

        queue.owner = busy
        assert message_owner(queue) == busy

    def test_an_owner_who_has_left_owns_nothing_new(self, queue):
        member = an_agent(queue)
        queue.owner = an_agent(queue, is_active=False)

        assert message_owner(queue) == member


class TestAbsent:
    def chat(self, queue, agent, waiting=100, **more):
        since = AT - waiting * SECOND if waiting is not None else None
        return ConversationFactory(queue=queue, handler=agent, waiting_since=since, **more)

    def agent_gone(self, queue, seconds=100):
        agent = an_agent(queue, state=PresenceState.OFFLINE)
        Presence.objects.filter(staff=agent).update(since=AT - seconds * SECOND)
        return agent

    def test_a_waiting_chat_returns_to_the_queue(self, queue):
        chat = self.chat(queue, self.agent_gone(queue))

        assert return_from_the_absent(at=AT) == 1

        assert handler_of(chat) is None
        assert chat.state == State.QUEUED
        assert facts(chat) == ["ConversationQueued"]

    def test_one_that_nobody_waits_in_stays(self, queue):
        gone = self.agent_gone(queue)
        self.chat(queue, gone, waiting=None)
        self.chat(queue, gone, waiting=80)
        self.chat(queue, gone, channel="mail")
        self.chat(queue, self.agent_gone(queue, seconds=80))
        self.chat(queue, an_agent(queue, state=PresenceState.BREAK))

        assert return_from_the_absent(at=AT) == 0

    def test_who_has_no_browser_open_is_offline(self, queue):
        there, gone, just_came = an_agent(queue), an_agent(queue), an_agent(queue)
        Heartbeat.objects.create(name=f"{BEAT}{there.pk}", beat_at=AT)
        Heartbeat.objects.create(name=f"{BEAT}{gone.pk}", beat_at=AT - 91 * SECOND)
        Presence.objects.exclude(staff=just_came).update(since=AT - 200 * SECOND)

        assert end_presence_of_the_gone(at=AT) == 1

        states = dict(Presence.objects.values_list("staff", "state"))
        assert (states[there.pk], states[gone.pk]) == ("online", "offline")
        assert states[just_came.pk] == "online"

    def test_the_timers_do_all_of_it(self, queue):
        now = timezone.now()
        gone = an_agent(queue)
        Presence.objects.update(since=now - 500 * SECOND)
        chat = ConversationFactory(queue=queue, handler=gone, waiting_since=now - 300 * SECOND)

        notice_who_is_gone()
        Presence.objects.update(since=now - 100 * SECOND)
        keep_queues_moving()

        assert handler_of(chat) is None
        assert Presence.objects.get().state == "offline"


class TestInvariant:
    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["come", "leave", "online", "offline", "give"]), st.integers(0, 9)
            ),
            min_size=5,
            max_size=16,
        )
    )
    def test_no_idle_agent_beside_a_waiting_visitor_and_nobody_over_his_limit(
        self, django_capture_on_commit_callbacks, events
    ):
        queue = QueueFactory()
        agents = [
            an_agent(queue, state=None, reception_limit=1 + n, languages=["en"] * (n % 2))
            for n in range(3)
        ]
        at = AT
        for what, which in events:
            at += SECOND
            with django_capture_on_commit_callbacks(execute=True):
                self.happen(what, which, queue, agents, at)
            route_waiting(at=at)
            self.check(queue, agents)

    def happen(self, what, which, queue, agents, at):
        agent = agents[which % 3]
        served = list(Conversation.objects.open().filter(queue=queue).order_by("pk"))
        if what == "come":
            ConversationFactory(queue=queue, opened_at=at, language="en" if which % 3 == 0 else "")
        elif what in {"online", "offline"}:
            set_presence(agent.pk, state=what, at=at, by=agent)
        elif served:
            one = served[which % len(served)]
            verb = close_conversation if what == "leave" else return_to_queue
            verb(one.pk, by=one.handler, at=at, **({} if what == "leave" else {"reason": "x"}))

    def check(self, queue, agents):
        waiting = set(
            Conversation.objects.queued().filter(queue=queue).values_list("language", flat=True)
        )
        for agent in agents:
            presence = Presence.objects.filter(staff=agent).first()
            served = chats_served(agent)
            assert served <= agent.reception_limit
            is_free = presence and presence.state == "online" and served < agent.reception_limit
            fits = waiting if agent.languages else waiting - {"en"}
            assert not (is_free and fits)
