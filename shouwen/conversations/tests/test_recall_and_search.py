"""Lines after they were said: taken back, read, and found by two characters."""

import threading
from datetime import timedelta

import pytest

from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.lines import (
    mark_read,
    post_line,
    recall_line,
)
from shouwen.conversations.queries import search
from shouwen.conversations.queries.search import found_lines, marked
from shouwen.conversations.refusals import (
    RecallTooLate,
)
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.conversations.tests.make import (
    AT,
    a_leader,
    agent_line,
    an_agent,
    customer_line,
    post,
)
from shouwen.core.models import HistoryEntry

State, Outcome = Conversation.State, Conversation.Outcome
MINUTE = timedelta(minutes=1)


def run_all(*work) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.django_db
class TestRecall:
    @pytest.fixture
    def line(self, talk, agent):
        return post_line(agent_line(talk, agent, "错话"), at=AT)

    def test_within_two_minutes_counts_as_a_change(self, line, agent, talk):
        recall_line(line.pk, by=agent, at=AT + 2 * MINUTE)

        line.refresh_from_db()
        talk.refresh_from_db()
        assert (line.rev, talk.last_rev, talk.last_seq) == (2, 2, 1)
        assert line.recalled_at
        assert line.text == "错话"

    def test_not_later(self, line, agent):
        with pytest.raises(RecallTooLate):
            recall_line(line.pk, by=agent, at=AT + 2 * MINUTE + timedelta(seconds=1))

    def test_not_of_others(self, line, talk):
        with pytest.raises(RecallTooLate):
            recall_line(line.pk, by=a_leader(talk.queue), at=AT)

    def test_not_a_mail_that_has_left(self, agent):
        mail = ConversationFactory(channel="mail", handler=agent)
        line = post_line(agent_line(mail, agent), at=AT)

        with pytest.raises(RecallTooLate):
            recall_line(line.pk, by=agent, at=AT)

    def test_twice_is_once(self, line, agent, talk):
        recall_line(line.pk, by=agent, at=AT)
        recall_line(line.pk, by=agent, at=AT)

        talk.refresh_from_db()
        assert talk.last_rev == 2
        assert HistoryEntry.objects.filter(name="conversations.LineRecalled").count() == 1

    def test_the_list_does_not_go_on_showing_the_words(self, line, agent, talk):
        recall_line(line.pk, by=agent, at=AT)

        talk.refresh_from_db()
        assert "错话" not in talk.last_line_text


@pytest.mark.django_db
class TestReadMarks:
    def test_never_go_back_and_never_beyond_what_there_is(self, talk, agent):
        post(*[customer_line(talk) for _line in range(5)])

        for seq in (3, 2, 99, 0):
            mark_read(talk.pk, seq=seq, by=agent)

        talk.refresh_from_db()
        assert talk.staff_read_seq == 3

    def test_each_side_has_its_own_and_history_none(self, talk, agent):
        post(agent_line(talk, agent), agent_line(talk, agent))

        mark_read(talk.pk, seq=2, by=None)

        talk.refresh_from_db()
        assert (talk.customer_read_seq, talk.staff_read_seq) == (2, 2)
        assert not HistoryEntry.objects.filter(name="conversations.LinesRead").exists()


@pytest.mark.django_db
class TestSearch:
    def test_finds_a_two_character_word_inside_a_line(self, talk, agent):
        line = post_line(customer_line(talk, "三号楼的电梯又停了"), at=AT)
        post(customer_line(talk, "电费和楼梯"))

        assert [one.line for one in found_lines(agent, " 电梯 ").rows] == [line]
        assert found_lines(agent, "  ").rows == []

    def test_finds_in_the_later_pieces_of_a_long_mail(self, talk, agent):
        mail = ConversationFactory(channel="mail", queue=talk.queue, handler=agent)
        line = post_line(customer_line(mail, "天" * 9000 + "消防栓漏水"), at=AT)

        assert [one.line for one in found_lines(agent, "漏水").rows] == [line]
        assert [one.line for one in found_lines(agent, "消防栓").rows] == [line]

    def test_shows_nobody_what_he_may_not_read(self, talk):
        post(customer_line(talk, "电梯"))
        stranger = an_agent(QueueFactory())

        assert not found_lines(stranger, "电梯").rows

    def test_leaves_out_what_was_recalled(self, talk, agent):
        line = post_line(agent_line(talk, agent, "电梯"), at=AT)
        recall_line(line.pk, by=agent, at=AT)

        assert not found_lines(agent, "电梯").rows

    @pytest.mark.parametrize("window", [2, 7, 1000])
    def test_pages_hold_every_hit_once_the_newest_first_whatever_way_is_taken(
        self, talk, agent, monkeypatch, window
    ):
        monkeypatch.setattr(search, "FIRST_WINDOW", window)
        monkeypatch.setattr(search, "BATCH", 3)
        texts = ["电梯" if place % 3 else "楼道" for place in range(20)]
        lines = [post_line(customer_line(talk, text), at=AT) for text in texts]
        elsewhere = ConversationFactory()
        post(customer_line(elsewhere, "电梯"))

        found, after = [], ""
        for _page in range(9):
            page = found_lines(agent, "电梯", after=after, size=4)
            found += [row.line for row in page.rows]
            after = page.next_cursor
            if not after:
                break

        expected = [line for line in lines if line.text == "电梯"]
        assert found == expected[::-1]

    def test_marks_the_match_in_its_surroundings(self):
        pieces = marked("前" * 100 + "电梯" + "后" * 300, "电梯")

        assert [one.text for one in pieces if one.is_match] == ["电梯"]
        assert (pieces[0].text, pieces[-1].text) == ("…", "…")
        assert [one.text for one in marked("电梯", "没有")] == ["电梯"]
        assert marked("电梯", " ")[0].is_match is False
