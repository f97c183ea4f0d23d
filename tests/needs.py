"""Tests that need a server of Debian's or root are skipped with one line, or fail under REQUIRE_ALL=1."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from tools.programs import find_program, what_is_missing


def need(*names: str, root: bool = False) -> dict[str, Path]:
    """Where the programs are."""
    missing = what_is_missing(*names)
    if root and os.geteuid() != 0:
        missing = missing or "only root may do this; run the tests as root"
    if missing:
        cannot_run(missing)
    return {name: found for name in names if (found := find_program(name))}


def cannot_run(why: str) -> NoReturn:
    """The test is skipped, or fails where nothing may be skipped."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(why)
    pytest.skip(why)
