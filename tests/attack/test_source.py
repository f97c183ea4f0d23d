"""What no line of our source may do (ASVS V1.2.4, V1.2.5, V1.5.2, V1.3.7): read from the syntax tree, not the text."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.layout import ROOT

FORBIDDEN_IMPORTS = {"pickle", "marshal", "shelve", "dill", "xmlrpc", "telnetlib"}
# Raw SQL is only ever a constant, or made of constants and psycopg's own quoting.
SQL_CALLS = {"execute", "executemany", "raw", "RawSQL", "RunSQL"}
FORBIDDEN_CALLS = {"extra", "eval", "exec", "mark_safe_html", "from_string"}
SHELL_CALLS = {"system", "popen", "getoutput", "getstatusoutput"}


def sources() -> list[Path]:
    """The product's own modules; migrations take nothing from anybody."""
    return [
        path
        for path in sorted((ROOT / "shouwen").rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
    ]


def name_of(call: ast.Call) -> str:
    """What is called, without its owner."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def is_composed(node: ast.expr) -> bool:
    """Whether a text is put together at run time with something that is no constant."""
    if isinstance(node, ast.JoinedStr):
        return any(
            isinstance(one, ast.FormattedValue) and not _is_constant_name(one.value)
            for one in node.values
        )
    if isinstance(node, ast.BinOp):
        return is_composed(node.left) or is_composed(node.right) or _mixes(node)
    return isinstance(node, ast.Call) and name_of(node) in {"format", "join", "replace"}


def _mixes(node: ast.BinOp) -> bool:
    return not all(
        isinstance(one, ast.Constant | ast.BinOp | ast.JoinedStr) or _is_constant_name(one)
        for one in (node.left, node.right)
    )


def _is_constant_name(node: ast.expr) -> bool:
    """A module's constant: a name in capitals."""
    name = getattr(node, "attr", getattr(node, "id", ""))
    return bool(name) and name.upper() == name


def offences(text: str) -> Iterator[str]:
    """What in a source is forbidden."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {one.name.partition(".")[0] for one in node.names}
            if isinstance(node, ast.ImportFrom):
                names = {(node.module or "").partition(".")[0]}
            yield from (f"{node.lineno}: imports {one}" for one in names & FORBIDDEN_IMPORTS)
        elif isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(node: ast.Call) -> Iterator[str]:
    name = name_of(node)
    first = node.args[0] if node.args else None
    if name in SQL_CALLS and first is not None and is_composed(first):
        yield f"{node.lineno}: {name}() with a text made at run time"
    if name in FORBIDDEN_CALLS | SHELL_CALLS:
        yield f"{node.lineno}: {name}()"
    if any(one.arg == "shell" for one in node.keywords):
        yield f"{node.lineno}: a shell"
    is_yaml = getattr(getattr(node.func, "value", None), "id", "") == "yaml"
    if is_yaml and name in {"load", "load_all", "unsafe_load", "full_load"}:
        yield f"{node.lineno}: yaml.{name}()"


# Texts made at run time of Django's own SQL, with the values given apart.
MADE_BY_DJANGO = {"shouwen/core/counting.py", "shouwen/cases/queries/figureclocks.py"}


def test_no_module_does_anything_forbidden():
    found = [
        f"{path.relative_to(ROOT)}:{one}"
        for path in sources()
        for one in offences(path.read_text(encoding="utf-8"))
        if str(path.relative_to(ROOT)) not in MADE_BY_DJANGO or "with a text" not in one
    ]

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from marshal import loads",
        "import yaml; yaml.load(text)",
        'cursor.execute(f"SELECT {name}")',
        'cursor.execute("SELECT " + name)',
        'cursor.execute("SELECT %s" % name)',
        'Case.objects.raw("SELECT {}".format(name))',
        "Case.objects.extra(where=[name])",
        "subprocess.run(words, shell=True)",
        "os.system(words)",
        "engine.from_string(words)",
        "eval(words)",
    ],
)
def test_notices_what_is_forbidden(line: str):
    assert list(offences(line))


@pytest.mark.parametrize(
    "line", ['cursor.execute("SELECT %s", [name])', 'cursor.execute(f"SELECT {COLUMNS}")', "yaml.safe_load(text)"]
)  # fmt: skip
def test_lets_pass_what_is_safe(line: str):
    assert list(offences(line)) == []
