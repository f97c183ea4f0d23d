"""Every name read from the environment is declared once and stands in the page for operators."""

import ast
import re

import pytest

from shouwen.config import environment
from tests.architecture.layout import ROOT

PAGE = ROOT / "docs" / "operating" / "settings.md"
READERS = ("settings", "cli", "arguments", "supervisor")
ASKING = {f"environment.{kind}" for kind in ("text", "number", "flag")}
ASKING |= {"os.environ.get", "os.environ.setdefault", "os.getenv"}
# Said by one process of ours to another.
BETWEEN_US = {"DJANGO_SETTINGS_MODULE", "WAIT_FD"}


def is_asking(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ASKING and isinstance(call.args[0], ast.Constant)


def names_read() -> set[str]:
    """The first argument of everything that reads the environment."""
    found = set()
    for reader in READERS:
        tree = ast.parse((ROOT / "shouwen" / "config" / f"{reader}.py").read_text())
        calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and one.args]
        found |= {ast.literal_eval(one.args[0]) for one in calls if is_asking(one)}
    return found - BETWEEN_US


def test_every_name_that_is_read_is_declared():
    assert names_read() <= {one.name for one in environment.VARIABLES}


def test_every_declared_name_stands_in_the_page_with_its_meaning():
    page = PAGE.read_text()
    missing = [
        one.name for one in environment.VARIABLES if f"| `{one.name}` | {one.meaning} |" not in page
    ]
    assert missing == []


def test_the_page_names_nothing_else():
    named = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGE.read_text(), re.MULTILINE))
    assert named == {one.name for one in environment.VARIABLES}


def test_what_is_empty_has_its_default(monkeypatch):
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("DEBUG", "yes")

    assert environment.number("PORT") == 8000
    assert environment.flag("DEBUG")
    assert environment.flag("MAILROOM_ALLOW_PRIVATE") is False


def test_says_which_setting_is_no_number(monkeypatch):
    monkeypatch.setenv("DB_POOL", "many")

    with pytest.raises(SystemExit, match="DB_POOL must be a whole number"):
        environment.number("DB_POOL")
