"""Writing new cases down: numbers, clocks, rows and facts, each kind of write once for all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import ClockRule
from shouwen.cases.events import CaseOpened
from shouwen.cases.models import Case, CaseKind
from shouwen.cases.operations.beginning import begin
from shouwen.cases.operations.clocks import SUBJECT, promise_of
from shouwen.cases.operations.rows import announce
from shouwen.cases.queries.recurrence import earlier_at_places
from shouwen.cases.queries.rules import rule_for
from shouwen.cases.workflow import ACCEPT
from shouwen.core.bus import published_together
from shouwen.core.numbering import next_numbers
from shouwen.core.search import PIECE_LENGTH, index_text
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import start_timed_deadlines, timed_deadline


def register_cases(cases: Sequence[Case], *, by: Staff, at: datetime) -> None:
    """The drawn cases have numbers, rows, running clocks and their facts, in the order given.

    Numbers are drawn last: whoever else draws from the series waits from then until the commit.
    """
    for kind in {case.kind_id: case.kind for case in cases}.values():
        _count_recurrences(kind, [case for case in cases if case.kind_id == kind.pk], at)
    timed = _timed(cases, at)
    _number(cases, at)
    Case.objects.bulk_create(cases)
    with published_together():
        clocks = {case.pk: clock for case, clock in zip(cases, timed, strict=True) if clock}
        if clocks:
            start_timed_deadlines(SUBJECT, clocks, kind=ACCEPT, at=at, by=by)
        for case in cases:
            _announce(case, by)
            begin(case, by=by, at=at)


def _count_recurrences(kind: CaseKind, cases: Sequence[Case], at: datetime) -> None:
    """The how-manieth of its like each case is, those before it in the same call included."""
    places = {case.place for case in cases if case.place}
    if not places:
        return
    since = at - timedelta(days=kind.defined.recurs_within_days)
    known = earlier_at_places(kind, places, since=since)
    for case in cases:
        if case.place:
            known[case.category_id, case.place] += 1
            case.recurrence = known[case.category_id, case.place]


def _timed(cases: Sequence[Case], at: datetime) -> list[Deadline | None]:
    """The clock of each case, not stored yet; equal ones are computed once."""
    known: dict[tuple[ClockRule, int], Deadline] = {}
    timed: list[Deadline | None] = []
    for case in cases:
        rule = rule_for(case.kind.defined, ACCEPT, case)
        clock = None
        if rule:
            key = (rule, case.department_id)
            clock = known.get(key) or timed_deadline(promise_of(rule, case, at=at), at=at)
            known[key] = clock
        case.due_at = clock.due_at if clock else None
        timed.append(clock)
    return timed


def _number(cases: Sequence[Case], at: datetime) -> None:
    # In one order for everybody, so that two calls never wait for each other.
    for prefix in sorted({case.kind.defined.prefix for case in cases}):
        own = [one for one in cases if one.kind.defined.prefix == prefix]
        for case, number in zip(own, next_numbers(prefix, len(own), at=at), strict=True):
            case.number = number
            case.search = search_of(case)


def search_of(case: Case) -> str:
    """What the case is found by: number, title, the customer's words, place and form."""
    said = [case.number, case.title, case.place, *map(str, case.values.values())]
    long = [case.matter[:PIECE_LENGTH], case.demand[:PIECE_LENGTH], case.result[:PIECE_LENGTH]]
    return index_text(*said, *long)


def _announce(case: Case, by: Staff) -> None:
    announce(
        CaseOpened,
        case,
        by=by,
        kind_code=case.kind.code,
        customer_id=case.customer_id,
        way=case.way,
        conversation_id=case.conversation_id,
        recurrence=case.recurrence,
    )
