"""One installation for all fault tests: starting one costs seconds, and a fault must leave it whole."""

from collections.abc import Iterator

import pytest

from tests.faults.scene import Scene, new_scene


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    """The product with one widget and one mailbox; whatever a test hurts is its own."""
    with new_scene(with_mail=True) as scene:
        yield scene
