"""The kinds of tests below this folder, told by their folder."""

import pytest

KINDS = {"journeys": pytest.mark.journey, "faults": pytest.mark.faults}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in journeys/ is a journey, what lies in faults/ is a fault."""
    for item in items:
        for folder, mark in KINDS.items():
            if folder in item.path.parts:
                item.add_marker(mark)
