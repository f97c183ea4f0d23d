"""The house as the rules see it: its parts, their order and their files."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shouwen"


@cache
def layers() -> list[list[str]]:
    """The parts from top to bottom, as the import contract says; parts on one line are equals."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    parts = next(one for one in contracts if one["id"] == "parts")
    return [[name.strip() for name in line.split("|")] for line in parts["layers"]]


def may_use(user: str, used: str) -> bool:
    """Whether one part may know another: itself, or one that is below it."""
    height = {name: -row for row, line in enumerate(layers()) for name in line}
    return user == used or height[used] < height[user]


@cache
def part_folders() -> list[Path]:
    """The folder of every part."""
    return sorted(one.parent for one in PACKAGE.glob("*/__init__.py"))


def part_of(path: Path) -> str:
    """The part that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0]


def is_test(path: Path) -> bool:
    """Whether a file is a test or serves tests."""
    return "tests" in path.relative_to(ROOT).parts


def modules(*names: str) -> Iterator[Path]:
    """The Python files of the parts outside tests and migrations; only those named, if names are given.

    `operations` finds operations.py and every module of the folder operations/.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE).parts[1:]
        if is_test(path) or "migrations" in inside:
            continue
        if not names or path.stem in names or any(name in inside[:-1] for name in names):
            yield path


def templates() -> Iterator[Path]:
    """Every template of every part."""
    return iter(sorted(PACKAGE.glob("*/**/templates/**/*.html")))


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    text = path.read_text(encoding="utf-8")
    try:
        return ast.parse(text, filename=str(path))
    except SystemError:  # Python 3.11, when something else changes the depth of recursion meanwhile
        return ast.parse(text, filename=str(path))


def where(path: Path, line: int = 0) -> str:
    """A place as an editor understands it."""
    name = str(path.relative_to(ROOT))
    return f"{name}:{line}" if line else name
