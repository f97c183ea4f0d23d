"""A part uses of another one only what that one offers: not its pages, forms, reactions or jobs."""

import ast
from collections.abc import Iterator

from tests.architecture.layout import modules, part_of, tree_of, where

INNER = {
    "api", "consumers", "filters", "forms", "handlers", "jobs", "panels", "schemas", "services",
    "tables", "tests", "urls", "views",
}  # fmt: skip
# Their modules are made for others: the ground that everybody stands on.
GROUND = {"core", "ui"}
# These put the parts together.
JOINING = {("config", "urls"), ("config", "consumers"), ("api", "api"), ("demo", "tests")}


def shouwen_imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Line, part and first module below it of every import of our own."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            words = name.split(".")
            if words[0] == "shouwen" and len(words) > 2:
                yield node.lineno, words[1], words[2]


def reaches_inside(user: str, used: str, module: str) -> bool:
    """Whether one part takes something of another that is not meant for others."""
    if user == used or used in GROUND or (user, module) in JOINING:
        return False
    return module in INNER


def test_parts_use_only_what_others_offer():
    faults = [
        f"{where(path, line)} uses {used}.{module}"
        for path in modules()
        if path.parent.name != "shouwen"
        for line, used, module in shouwen_imports(tree_of(path))
        if reaches_inside(part_of(path), used, module)
    ]

    assert faults == []


def test_notices_a_look_inside():
    tree = ast.parse(
        "from shouwen.customers.forms import NameForm\nimport shouwen.customers.queries"
    )
    used = [(part, module) for _line, part, module in shouwen_imports(tree)]

    assert [reaches_inside("conversations", *one) for one in used] == [True, False]
    assert not reaches_inside("customers", "customers", "forms")
    assert not reaches_inside("conversations", "ui", "forms")
