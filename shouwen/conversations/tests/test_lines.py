"""Lines: in order, once, all or nothing; what they mean for the clock; found by two characters."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.lines import (
    NewLine,
    Posted,
    post_line,
)
from shouwen.conversations.refusals import (
    ConversationIsClosed,
    LineRefused,
    NewerAnswer,
    NotTheHandler,
)
from shouwen.conversations.tests.factories import ConversationFactory
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    a_note,
    agent_line,
    an_agent,
    customer_line,
    post,
    seqs,
)
from shouwen.core.files import store_file
from shouwen.core.models import HistoryEntry

State, Outcome = Conversation.State, Conversation.Outcome
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
class TestOrder:
    def test_lines_of_many_conversations_keep_the_order_given(self, talk):
        other = ConversationFactory()

        post(
            customer_line(talk, "一"),
            customer_line(other, "甲"),
            customer_line(talk, "二"),
            customer_line(other, "乙"),
        )

        assert seqs(talk) == [(1, 1, "一"), (2, 2, "二")]
        assert seqs(other) == [(1, 1, "甲"), (2, 2, "乙")]
        talk.refresh_from_db()
        assert (talk.last_seq, talk.last_rev, talk.last_line_text) == (2, 2, "二")

    @pytest.mark.duty("D222")
    def test_many_at_once_are_one_event_that_names_each_of_them(self, talk):
        posted = post(*[customer_line(talk, f"第{n}句") for n in range(20)])

        row = HistoryEntry.objects.get(name="conversations.LinesPosted")
        told = [one["line_id"] for one in row.payload["lines"]]
        assert told == [one.line.pk for one in posted]
        assert Line.objects.count() == 20

    def test_costs_the_same_queries_for_one_and_for_fifty(
        self, talk, django_assert_max_num_queries
    ):
        others = [ConversationFactory(queue=talk.queue) for _one in range(5)]
        with django_assert_max_num_queries(12):
            post(
                *[
                    customer_line(one, str(n), client_id=uuid4())
                    for n in range(10)
                    for one in others
                ]
            )

    def test_nothing_written_nothing_told(self):
        assert post() == []
        assert not HistoryEntry.objects.exists()


@pytest.mark.django_db
class TestOnce:
    def test_the_same_id_gives_the_same_line(self, talk):
        new = customer_line(talk, client_id=uuid4())

        first, second = post(new)[0], post(new)[0]

        assert second == Posted(line=first.line, is_repeat=True)
        assert Line.objects.count() == 1
        talk.refresh_from_db()
        assert talk.last_seq == 1

    def test_also_within_one_group(self, talk):
        new = customer_line(talk, client_id=uuid4())

        posted = post(new, customer_line(talk, "中间"), new)

        assert posted[2].line == posted[0].line
        assert [one.is_repeat for one in posted] == [False, False, True]
        assert len(seqs(talk)) == 2

    def test_a_repeat_is_answered_though_the_talk_has_ended(self, talk):
        new = customer_line(talk, client_id=uuid4())
        line = post_line(new, at=AT)
        Conversation.objects.filter(pk=talk.pk).update(state=State.CLOSED, closed_at=AT)

        assert post_line(new, at=AT) == line

    def test_somebody_elses_id_does_not_show_his_line(self, talk, agent):
        stranger, spied = ConversationFactory(), uuid4()
        post(agent_line(talk, agent, "秘密", client_id=spied))

        posted = post(customer_line(stranger, client_id=spied))[0]

        assert posted.line is None
        assert isinstance(posted.refusal, LineRefused)

    def test_another_visitors_id_does_not_show_his_line(self, talk):
        stranger, spied = ConversationFactory(), uuid4()
        post(customer_line(talk, "我的电话13800138000", client_id=spied))

        assert post(customer_line(stranger, client_id=spied))[0].line is None

    def test_a_repeat_tells_nobody_again(self, talk):
        new = customer_line(talk, client_id=uuid4())
        post(new)
        post(new)

        assert HistoryEntry.objects.filter(name="conversations.LinesPosted").count() == 1


@pytest.mark.django_db
class TestRefused:
    @pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
    def test_what_says_nothing(self, talk, text):
        with pytest.raises(LineRefused):
            post_line(customer_line(talk, text), at=AT)

    def test_what_is_too_long_but_never_in_mail(self, talk):
        mail = ConversationFactory(channel="mail")

        post_line(customer_line(talk, "字" * 4000), at=AT)
        with pytest.raises(LineRefused, match="4000"):
            post_line(customer_line(talk, "字" * 4001), at=AT)
        post_line(customer_line(mail, "字" * 50_000), at=AT)

    def test_in_a_closed_talk_all_but_notes(self, agent):
        talk = ConversationFactory(handler=agent, state=State.CLOSED)

        posted = post(customer_line(talk), agent_line(talk, agent), a_note(talk, agent))

        assert [isinstance(one.refusal, ConversationIsClosed) for one in posted] == [1, 1, 0]

    def test_from_whoever_is_not_the_handler(self, talk):
        with pytest.raises(NotTheHandler):
            post_line(agent_line(talk, an_agent(talk.queue)), at=AT)
        post_line(a_note(talk, an_agent(talk.queue)), at=AT)
        post_line(agent_line(talk, a_leader(talk.queue)), at=AT)

    def test_one_does_not_hinder_the_others(self, talk):
        posted = post(customer_line(talk, "一"), customer_line(talk, ""), customer_line(talk, "二"))

        assert [one.line and one.line.seq for one in posted] == [1, None, 2]
        with pytest.raises(LineRefused):
            posted[1].kept()

    def test_an_unknown_conversation_is_no_crash_for_the_group(self, talk):
        gone = NewLine(conversation_id=10**9, kind=Line.Kind.CUSTOMER, text="谁")

        posted = post(customer_line(talk, "一"), gone)

        assert posted[0].line
        assert posted[1].refusal

    def test_what_no_database_keeps_is_taken_out(self, talk):
        meta = {"subject": "a\x00b", "references": ["\ud800c"], "n": 1}
        new = customer_line(talk, "a\x00b\ud83d", meta=meta)

        line = post_line(replace(new, author_name="周\x00" * 200), at=AT)

        line.refresh_from_db()
        assert (line.text, line.author_name) == ("ab", "周" * 120)
        assert line.meta == {"subject": "ab", "references": ["c"], "n": 1}


@pytest.mark.django_db
class TestNewerAnswer:
    def test_warns_once_when_a_colleague_has_answered_meanwhile(self, talk, agent):
        leader = a_leader(talk.queue, display_name="班长")
        post(customer_line(talk), agent_line(talk, leader))

        posted = post(agent_line(talk, agent, seen_seq=1))[0]

        assert isinstance(posted.refusal, NewerAnswer)
        assert "班长" in str(posted.refusal)
        assert posted.refusal.code == "newer"
        assert post(agent_line(talk, agent, seen_seq=2))[0].line

    def test_not_for_own_lines_or_the_customers(self, talk, agent):
        post(customer_line(talk), agent_line(talk, agent), customer_line(talk))

        assert post(agent_line(talk, agent, seen_seq=1))[0].line
        assert post(agent_line(talk, agent))[0].line


@pytest.mark.django_db
class TestClock:
    def test_the_customer_waits_from_his_first_unanswered_word(self, talk, agent):
        post(customer_line(talk), at=AT)
        post(customer_line(talk), at=AT + MINUTE)
        talk.refresh_from_db()
        assert talk.waiting_since == AT

        post(agent_line(talk, agent), at=AT + 2 * MINUTE)
        talk.refresh_from_db()
        assert talk.waiting_since is None
        assert talk.first_answered_at == AT + 2 * MINUTE
        assert talk.outcome == Outcome.ANSWERED

        post(agent_line(talk, agent), at=AT + 3 * MINUTE)
        talk.refresh_from_db()
        assert talk.first_answered_at == AT + 2 * MINUTE

    def test_a_note_answers_nobody_and_is_no_preview(self, talk, agent):
        post(customer_line(talk, "在吗"), a_note(talk, agent, "难缠"), at=AT)

        talk.refresh_from_db()
        assert (talk.waiting_since, talk.first_answered_at) == (AT, None)
        assert talk.last_line_text == "在吗"

    def test_who_writes_has_read(self, talk, agent):
        post(customer_line(talk), agent_line(talk, agent), customer_line(talk))

        talk.refresh_from_db()
        assert (talk.staff_read_seq, talk.customer_read_seq) == (2, 3)
        assert talk.unread_count == 1

    def test_answering_a_message_makes_it_a_talk(self, agent):
        message = ConversationFactory(handler=agent, state=State.MESSAGE, claimed_at=None)

        post(agent_line(message, agent))

        message.refresh_from_db()
        assert (message.state, message.claimed_at) == (State.OPEN, AT)

    def test_a_file_alone_has_a_preview(self, talk):
        stored = store_file("a.txt", b"x")

        line = post_line(customer_line(talk, "", file_ids=(stored.pk,)), at=AT)

        talk.refresh_from_db()
        assert line.has_files
        assert list(line.files.all()) == [stored]
        assert talk.last_line_text


class TestAtOnce:
    def test_the_same_id_from_many_threads_is_one_line_and_one_answer(self, committed):
        from shouwen.conversations.consumers.intake import write_group

        talk, client_id = ConversationFactory(), uuid4()
        answers, start = [], threading.Barrier(4)

        def send() -> None:
            try:
                start.wait()
                answers.append(write_group([customer_line(talk, client_id=client_id)])[0].kept().pk)
            finally:
                connection.close()

        run_all(*[send] * 4)

        assert answers == [Line.objects.get().pk] * 4

    def test_talks_taken_in_any_order_do_not_deadlock_and_leave_no_gap(self, committed):
        talks = [ConversationFactory() for _one in range(4)]

        def send(order):
            def work() -> None:
                try:
                    for _time in range(5):
                        post(*[customer_line(one, client_id=uuid4()) for one in order])
                finally:
                    connection.close()

            return work

        run_all(send(talks), send(talks[::-1]), send(talks[2:] + talks[:2]))

        for one in talks:
            assert list(one.lines.order_by("seq").values_list("seq", flat=True)) == list(
                range(1, 16)
            )


def run_all(*work) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
