"""Tests that need a server of Debian's or root are skipped with one line, or fail under REQUIRE_ALL=1."""

import os
from pathlib import Path

import pytest

from tools.programs import find_program, what_is_missing


def need(*names: str, root: bool = False) -> dict[str, Path]:
    """Where the programs are."""
    missing = what_is_missing(*names)
    if root and os.geteuid() != 0:
        missing = missing or "only root may do this; run the tests as root"
    if missing and os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return {name: found for name in names if (found := find_program(name))}
