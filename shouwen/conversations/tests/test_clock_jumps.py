"""The clock is moved: lines keep the order in which they were written. (F12)"""

from datetime import timedelta

import pytest
import time_machine

from shouwen.conversations.queries.lines import changes_of
from shouwen.conversations.tests.factories import ConversationFactory
from shouwen.conversations.tests.make import AT, customer_line, post
from shouwen.core.files import file_of_token, file_token, store_file

pytestmark = pytest.mark.django_db


def test_lines_stand_as_they_were_written_whatever_the_clock_said():
    talk = ConversationFactory()
    for number, days in enumerate((0, 400, -1, 0)):
        post(customer_line(talk, f"第 {number} 句"), at=AT + timedelta(days=days))

    talk.refresh_from_db()
    shown = changes_of(talk, after=0, for_staff=True, at=AT).lines

    assert [line["text"] for line in shown] == [f"第 {number} 句" for number in range(4)]


def test_no_jump_ahead_makes_an_address_of_a_file_last_longer():
    with time_machine.travel("2026-11-23 03:00:00+00:00", tick=False) as clock:
        token = file_token(store_file("方案.txt", b"plan"))
        assert file_of_token(token) is not None
        clock.shift(timedelta(days=400))
        assert file_of_token(token) is None
