"""The duties: what counts as proven."""

from types import SimpleNamespace

import pytest

from tools import duties
from tools.duties_plugin import pytest_collection_modifyitems


def test_there_are_705_duties():
    assert len(duties.known_duties()) == 705


def test_proven_is_what_passes_and_never_fails():
    outcomes = {"D1": ["passed"], "D2": ["passed", "failed"], "D3": ["skipped"], "D4": []}

    assert duties.proven(outcomes) == {"D1"}


def test_later_runs_add_to_earlier_ones(tmp_path):
    path = tmp_path / "duties.json"
    duties.merge_results(path, {"a.py::test_a": (["D001", "D002"], "passed")})
    duties.merge_results(path, {"b.py::test_b": (["D002"], "failed")})

    assert duties.proven(duties.outcomes_by_duty(path)) == {"D001"}
    assert duties.report(path, every_one=False).endswith("1 of 705 duties proven")


def marked_item(*ids):
    """A collected test that says it proves these duties."""
    mark = SimpleNamespace(args=ids)
    return SimpleNamespace(nodeid="a.py::test_a", user_properties=[], iter_markers=lambda _: [mark])


def test_a_test_carries_its_duties_into_its_report():
    item = marked_item("D270", "D271")

    pytest_collection_modifyitems([item])

    assert item.user_properties == [("duty", "D270"), ("duty", "D271")]


def test_an_unknown_duty_stops_the_run():
    with pytest.raises(pytest.UsageError, match="unknown duty 'D999'"):
        pytest_collection_modifyitems([marked_item("D999")])
