"""The bus: the fact, its one history row, and what reacts to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.db import transaction

from shouwen.core.bus import Event, When, handles, handles_together, publish, publish_all
from shouwen.core.clock import acting_at
from shouwen.core.history import history_by, history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.core.models import HistoryEntry

heard: list[tuple[str, int]] = []
heard_together: list[tuple[str, list[int]]] = []


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    """Something everybody reacts to."""

    subject: ClassVar[tuple[str, str] | None] = ("kettle", "kettle_id")
    kettle_id: int
    litres: list[int]
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class KettleLookedAt(Event):
    """A mark on a screen."""

    is_kept: ClassVar[bool] = False
    kettle_id: int


@dataclass(frozen=True, kw_only=True)
class KettleBroke(Event):
    """Something whose inner reaction fails."""

    kettle_id: int


@dataclass(frozen=True, kw_only=True)
class KettleForgotten(Event):
    """Nobody reacts to it and it is about nothing."""


@handles(KettleBoiled, KettleLookedAt, when=When.IN_TRANSACTION)
def pour(event):
    heard.append(("pour", event.kettle_id))


@handles(KettleBoiled, when=When.AFTER_COMMIT)
def whistle(event):
    if event.kettle_id == 13:
        raise ValueError("no steam")
    heard.append(("whistle", event.kettle_id))


@handles(KettleBoiled, when=When.AFTER_COMMIT)
def ring(event):
    heard.append(("ring", event.kettle_id))


@handles(KettleBoiled, when=When.AS_JOB, only=lambda event: sum(event.litres) > 1)
def serve(event):
    heard.append((f"serve {event.litres} {event.at}", event.kettle_id))


@handles_together(KettleBoiled, when=When.IN_TRANSACTION)
def stack(events):
    heard_together.append(("stack", [event.kettle_id for event in events]))


@handles_together(KettleBoiled, when=When.AFTER_COMMIT)
def gong(events):
    heard_together.append(("gong", [event.kettle_id for event in events]))


@handles_together(KettleBoiled, when=When.AS_JOB, only=lambda event: sum(event.litres) > 1)
def wash(events):
    heard_together.append(("wash", [event.kettle_id for event in events]))


@handles(KettleBroke, when=When.IN_TRANSACTION)
def fail(event):
    raise ValueError("broken")


@pytest.fixture(autouse=True)
def nothing_heard():
    heard.clear()
    heard_together.clear()


class TestOutside:
    def test_is_refused_outside_a_transaction(self, committed):
        with pytest.raises(RuntimeError):
            publish(KettleBoiled(kettle_id=1, litres=[]))

        assert not HistoryEntry.objects.exists()

    def test_nothing_is_heard_of_what_was_undone(self, committed):
        with pytest.raises(KeyError), transaction.atomic():  # noqa: PT012 - the undone transaction is the point
            publish(KettleBoiled(kettle_id=5, litres=[9]))
            raise KeyError

        assert heard == [("pour", 5)]
        assert run_waiting_jobs() == 0
        assert not HistoryEntry.objects.exists()


@pytest.mark.django_db
class TestPublish:
    def test_writes_one_history_row_that_says_what_who_and_when(self):
        publish(KettleBoiled(kettle_id=7, litres=[1, 2], by_id=3))

        row = history_of("kettle", 7).get()
        assert row.name == "core.KettleBoiled"
        assert (row.subject_kind, row.subject_id, row.by_id) == ("kettle", 7, 3)
        assert row.payload == {"by_id": 3, "kettle_id": 7, "litres": [1, 2], "at": None}
        assert history_by(3).get() == row

    def test_what_is_told_of_the_past_stands_at_its_moment(self):
        past = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

        with acting_at(past):
            publish(KettleForgotten())

        row = HistoryEntry.objects.get()
        assert (row.at, row.subject_kind, row.subject_id) == (past, "", None)

    def test_a_mark_on_a_screen_is_no_history_but_is_heard(self):
        publish(KettleLookedAt(kettle_id=7))

        assert not HistoryEntry.objects.exists()
        assert heard == [("pour", 7)]

    def test_reacts_inside_at_once_and_on_screens_after_the_commit(
        self, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as after:
            publish(KettleBoiled(kettle_id=1, litres=[]))
            assert heard == [("pour", 1)]
        for one in after:
            one()

        assert heard == [("pour", 1), ("whistle", 1), ("ring", 1)]

    def test_a_failing_inner_reaction_undoes_the_change(self):
        with pytest.raises(ValueError, match="broken"), transaction.atomic():  # noqa: PT012 - the undone transaction is the point
            publish(KettleForgotten())
            publish(KettleBroke(kettle_id=1))

        assert not HistoryEntry.objects.exists()

    def test_a_failing_screen_is_logged_and_hinders_nobody(
        self, django_capture_on_commit_callbacks, caplog
    ):
        with django_capture_on_commit_callbacks(execute=True):
            publish(KettleBoiled(kettle_id=13, litres=[]))

        assert ("ring", 13) in heard
        assert "whistle" in caplog.text

    def test_a_job_gets_the_event_back_as_it_was(self):
        at = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
        publish(KettleBoiled(kettle_id=5, litres=[2, 3], at=at))

        assert run_waiting_jobs() == 2
        assert heard[-1] == (f"serve [2, 3] {at}", 5)

    def test_no_job_is_written_for_what_is_declined(self):
        publish(KettleBoiled(kettle_id=5, litres=[1]))

        assert run_waiting_jobs() == 0


@pytest.mark.django_db
class TestTogether:
    def test_each_fact_has_its_history_row_and_reactions_to_many_run_once(
        self, django_assert_num_queries, django_capture_on_commit_callbacks
    ):
        boiled = [KettleBoiled(kettle_id=n, litres=[]) for n in (1, 2, 3)]

        with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
            publish_all([*boiled, KettleForgotten()])

        assert [row.subject_id for row in HistoryEntry.objects.order_by("pk")] == [1, 2, 3, None]
        assert heard_together == [("stack", [1, 2, 3]), ("gong", [1, 2, 3])]
        assert heard[:3] == [("pour", 1), ("pour", 2), ("pour", 3)]

    def test_one_job_for_those_that_are_worth_it(self):
        publish_all([KettleBoiled(kettle_id=n, litres=[n]) for n in (1, 2, 3)])

        run_waiting_jobs()
        assert heard_together[-1] == ("wash", [2, 3])

    def test_one_is_a_list_of_one(self):
        publish(KettleBoiled(kettle_id=4, litres=[9]))

        run_waiting_jobs()
        assert heard_together == [("stack", [4]), ("wash", [4])]
