"""The kinds of tests below this folder, told by their folder."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
KINDS = {
    "journeys": pytest.mark.journey,
    "faults": pytest.mark.faults,
    "machines": pytest.mark.faults,
    "keeping": pytest.mark.faults,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in journeys/ is a journey; in faults/ and machines/ processes end, one test at a time."""
    for item in items:
        for folder, mark in KINDS.items():
            if item.path.is_relative_to(HERE / folder):
                item.add_marker(mark)
