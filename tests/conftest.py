"""The kinds of tests below this folder, told by their folder."""

import pytest

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
            if folder in item.path.parts:
                item.add_marker(mark)
