"""What the files of the domain may and must contain."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shouwen.core.bus import Event
from tests.architecture.layout import PACKAGE, ROOT, modules, part_of, tree_of, where

DOMAIN_FILES = ("models", "workflow", "permissions", "events", "queries", "operations")
WEB = ("django.http", "django.shortcuts", "django.urls")
REASONS = tomllib.loads((Path(__file__).parent / "without_by.toml").read_text(encoding="utf-8"))
WITHOUT_BY = {
    f"{part}.{name}": why for part, names in REASONS.items() for name, why in names.items()
}


def web_imports(tree: ast.Module) -> Iterator[int]:
    """The lines that import something of the web."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        if any(name == web or name.startswith(f"{web}.") for name in names for web in WEB):
            yield node.lineno


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a module that others may call."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            yield node


@cache
def operations_in_use() -> set[str]:
    """`part.name` of everything that modules outside a folder operations/ import from it."""
    found = set()
    for path in modules():
        if "operations" in path.parent.parts and path.stem != "__init__":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                words = node.module.split(".")
                if words[0] == "shouwen" and words[2:3] == ["operations"]:
                    found |= {f"{words[1]}.{alias.name}" for alias in node.names}
    return found


def is_operation(path: Path, name: str) -> bool:
    """Whether a function is a verb for others, not a step that modules of operations/ share."""
    return path.stem == "operations" or f"{part_of(path)}.{name}" in operations_in_use()


def says_who(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether an operation takes `by`."""
    arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return any(argument.arg == "by" for argument in arguments)


def faults_of_operations(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Operations without a docstring, or that do not say who acts."""
    for function in public_functions(tree):
        if not is_operation(path, function.name):
            continue
        if ast.get_docstring(function) is None:
            yield function.lineno, f"{function.name} has no docstring"
        if not says_who(function) and f"{part_of(path)}.{function.name}" not in WITHOUT_BY:
            yield function.lineno, f"{function.name} does not take `by`"


def nudging_lines(tree: ast.Module) -> Iterator[int]:
    """The lines that call nudge or nudge_all."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"nudge", "nudge_all"}:
                yield node.lineno


def may_nudge(path: Path) -> bool:
    """Whether a module is the place for live nudges."""
    inside = path.relative_to(PACKAGE)
    return "handlers" in {inside.stem, *inside.parts[:-1]} or inside == Path("core/live.py")


def event_names() -> list[str]:
    """The name of every event of the parts; bases that only share fields are none."""
    found, waiting = [], [Event]
    while waiting:
        event = waiting.pop()
        waiting += event.__subclasses__()
        is_ours = event.__module__.startswith("shouwen.") and ".tests" not in event.__module__
        if is_ours and not event.__subclasses__():
            found.append(event.__name__)
    return sorted(found)


def unnamed(names: list[str], texts: str) -> list[str]:
    """The names that no text contains as a word."""
    words = set(re.findall(r"\w+", texts))
    return [name for name in names if name not in words]


def test_domain_files_know_nothing_of_the_web():
    faults = [
        where(path, line) for path in modules(*DOMAIN_FILES) for line in web_imports(tree_of(path))
    ]

    assert faults == []


def test_notices_web_in_the_domain():
    tree = ast.parse("import django.http\nfrom django.shortcuts import render\nimport django.httpx")

    assert list(web_imports(tree)) == [1, 2]


def test_every_operation_says_who_acts_and_what_holds_afterwards():
    faults = [
        f"{where(path, line)} {fault}"
        for path in modules("operations")
        for line, fault in faults_of_operations(path, tree_of(path))
    ]

    assert faults == []


def test_reasons_without_by_belong_to_operations_that_need_one():
    known = {
        f"{part_of(path)}.{function.name}"
        for path in modules("operations")
        for function in public_functions(tree_of(path))
        if not says_who(function)
    }

    assert sorted(WITHOUT_BY.keys() - known) == []


def test_notices_an_operation_that_hides_who_acts():
    tree = ast.parse("def close_case(case_id):\n    pass\ndef _own():\n    pass")

    assert [
        fault for _line, fault in faults_of_operations(PACKAGE / "cases" / "operations.py", tree)
    ] == [
        "close_case has no docstring",
        "close_case does not take `by`",
    ]


def test_only_handlers_nudge_live_screens():
    faults = [
        where(path, line)
        for path in modules()
        if not may_nudge(path)
        for line in nudging_lines(tree_of(path))
    ]

    assert faults == []


def test_notices_a_nudge_elsewhere():
    assert list(nudging_lines(ast.parse("live.nudge('staff:1', 'x')\nnudge_all([])"))) == [1, 2]
    assert not may_nudge(PACKAGE / "cases" / "operations.py")
    assert may_nudge(PACKAGE / "cases" / "handlers.py")


def test_every_event_has_a_test_that_names_it():
    tests = [*PACKAGE.rglob("tests/**/*.py"), *(ROOT / "tests").rglob("*.py")]

    assert unnamed(event_names(), "\n".join(one.read_text("utf-8") for one in tests)) == []


def test_notices_an_event_without_a_test():
    assert unnamed(["CaseClosed", "CaseOpened"], "publish(CaseOpened())") == ["CaseClosed"]
