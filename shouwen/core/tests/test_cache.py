"""A Redis that is gone hinders nobody."""

import pytest

from shouwen.core.cache import ForgivingRedisCache


@pytest.fixture
def away():
    """A cache on a port where nobody listens."""
    return ForgivingRedisCache("redis://127.0.0.1:1", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_nothing_is_known_and_nobody_is_hindered(away):
    assert away.add("pace", 0) is True
    assert away.get("pace", 7) == 7
    assert away.set("pace", 1) is None
    assert away.delete("pace") is False
    with pytest.raises(ValueError, match="away"):
        away.incr("pace")
