"""The board: five columns, the most urgent on top, each with its own way down."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from shouwen.accounts.tests.factories import DepartmentFactory
from shouwen.cases.models import Case
from shouwen.cases.queries.board import COLUMN, BoardAsked, case_board
from shouwen.cases.tests.make import AT, a_case, a_kind, a_receiver, answered, archived, taken

pytestmark = pytest.mark.django_db


def board(staff, **asked):
    return {one.stage: one for one in case_board(staff, BoardAsked(**{"after": {}} | asked))}


class TestCaseBoard:
    def test_open_cases_stand_in_the_column_of_their_stage(self, receiver):
        kind = a_kind()
        new = a_case(receiver, kind=kind)
        handled = taken(a_case(receiver, kind=kind), receiver)
        told = answered(taken(a_case(receiver, kind=kind), receiver), receiver)
        archived(a_case(receiver, kind=kind), receiver)

        columns = board(receiver)

        assert list(columns) == ["accept", "handle", "answer", "follow_up", "archive"]
        assert {stage: one.cases for stage, one in columns.items() if one.cases} == {
            "accept": [new],
            "handle": [handled],
            "follow_up": [told],
        }
        assert [one.shown for one in columns.values()] == ["1", "1", "0", "1", "0"]

    def test_shows_only_what_the_person_may_see(self, receiver):
        a_case(a_receiver(department=DepartmentFactory()))

        assert board(receiver)["accept"].count == 0

    def test_is_narrowed_by_kind_and_to_mine(self, receiver):
        colleague = a_receiver(department=receiver.department)
        mine = taken(a_case(receiver), receiver)
        other = taken(a_case(receiver, kind=a_kind(code="repair", prefix="BX")), colleague)

        assert board(receiver, kind="repair")["handle"].cases == [other]
        assert board(receiver, whose="mine")["handle"].cases == [mine]
        assert board(receiver, whose="first")["handle"].cases == [other]

    def test_a_column_goes_down_by_key_over_those_with_and_without_a_clock(self, receiver):
        kind = a_kind()
        cases = [a_case(receiver, kind=kind) for _one in range(2 * COLUMN + 5)]
        for place, case in enumerate(cases):
            due_at = AT + timedelta(minutes=100 - place) if place < COLUMN + 3 else None
            Case.objects.filter(pk=case.pk).update(due_at=due_at)
        expected = cases[: COLUMN + 3][::-1] + cases[COLUMN + 3 :]

        seen, cursor = [], ""
        for _page in range(3):
            column = board(receiver, after={"accept": cursor})["accept"]
            assert len(column.cases) <= COLUMN
            seen += column.cases
            cursor = column.next_cursor

        assert seen == expected
        assert cursor == ""
        assert board(receiver, after={"accept": "c:nonsense"})["accept"].cases == expected[:COLUMN]

    def test_a_full_column_knows_whether_something_without_a_clock_follows(self, receiver):
        kind = a_kind()
        cases = [a_case(receiver, kind=kind) for _one in range(COLUMN + 1)]

        assert board(receiver)["accept"].next_cursor
        Case.objects.filter(pk=cases[0].pk).update(due_at=None)
        cursor = board(receiver)["accept"].next_cursor
        assert board(receiver, after={"accept": cursor})["accept"].cases == [cases[0]]
        Case.objects.filter(pk=cases[0].pk).delete()
        assert board(receiver)["accept"].next_cursor == ""

    def test_asks_as_often_for_many_as_for_few(self, receiver, django_assert_max_num_queries):
        kind = a_kind()
        for _one in range(COLUMN):
            a_case(receiver, kind=kind)

        with django_assert_max_num_queries(6):
            case_board(receiver, BoardAsked(after={}))


class TestPage:
    def test_shows_the_cards_and_the_way_down(self, client, receiver):
        kind = a_kind()
        cases = [a_case(receiver, kind=kind) for _one in range(COLUMN + 1)]
        client.force_login(receiver)

        page = client.get(reverse("cases:board")).content.decode()
        way = re.search(r'href="(\?accept_after=[^"]+)"', page)
        further = client.get(reverse("cases:board") + way[1]).content.decode()

        assert cases[0].number in page
        assert page.count('case-card"') == COLUMN
        assert cases[-1].number in further
        assert 'data-live="department:case staff:case"' in page

    def test_an_empty_board_says_so(self, client, receiver):
        client.force_login(receiver)

        assert client.get(reverse("cases:board") + "?whose=x&kind=y").status_code == 200
