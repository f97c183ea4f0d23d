"""Templates know only their own part and those below, and carry no inline style or script."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.layout import PACKAGE, may_use, modules, part_of, templates, where

INCLUDE = re.compile(r"{%\s*(?:include|extends)\s+(\S+)")
URL = re.compile(r"{%\s*url\s+(\S+)")
COMPONENT = re.compile(r"<c-(?!vars\b|slot\b|component\b)([\w.-]+)")
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
APP_NAME = re.compile(r"^app_name = \"(\w+)\"", re.MULTILINE)
EVENTS = "abort|blur|change|click|contextmenu|drag|drop|error|focus|input|key|load|mouse|pointer|scroll|submit|toggle|touch|unload|wheel"
INLINE = [
    (re.compile(r"\sstyle\s*=\s*[\"']"), "a style attribute"),
    (re.compile(rf"\son(?:{EVENTS})\w*\s*=\s*[\"']"), "an event attribute"),
    (re.compile(r"<style\b"), "a style element"),
    (re.compile(r"<script\b(?![^>]*(?:\bsrc=|application/))"), "an inline script"),
    (re.compile(r"javascript:", re.IGNORECASE), "a javascript: address"),
]
# Mail programs read no style sheets.
MAY_BE_INLINE = re.compile(r"/mail/")


@cache
def owner_of_template(name: str) -> str | None:
    """The part that has a template of this name."""
    found = sorted(PACKAGE.glob(f"*/**/templates/{name}"))
    return part_of(found[0]) if found else None


@cache
def owners_of_namespaces() -> dict[str, str]:
    """URL namespace -> part."""
    found = {}
    for path in modules("urls"):
        if match := APP_NAME.search(path.read_text(encoding="utf-8")):
            found[match[1]] = part_of(path)
    return found


def owner_of_component(name: str) -> str | None:
    """The part that has the component `<c-name>`."""
    return owner_of_template(f"cotton/{name.replace('.', '/')}.html")


def owner_of_url(name: str) -> str | None:
    """The part that serves a named address."""
    return owners_of_namespaces().get(name.partition(":")[0])


def references(text: str) -> Iterator[tuple[str, str | None]]:
    """What a template names, and the part that owns it; None if nobody does."""
    for quoted in INCLUDE.findall(text):
        name = quoted.strip("\"'").partition("#")[0]
        if quoted[0] in "\"'" and name:
            yield name, owner_of_template(name)
    for quoted in URL.findall(text):
        if quoted[0] in "\"'":
            yield quoted.strip("\"'"), owner_of_url(quoted.strip("\"'"))
    for name in COMPONENT.findall(text):
        yield f"<c-{name}>", owner_of_component(name)


def faults_of(text: str, part: str) -> Iterator[str]:
    """What a template of this part names but may not know."""
    for name, owner in references(COMMENT.sub("", text)):
        if owner is None:
            yield f"nobody owns {name}"
        elif not may_use(part, owner):
            yield f"{name} belongs to {owner}, which {part} may not know"


def inline_parts(text: str) -> list[str]:
    """What the Content-Security-Policy would refuse."""
    text = COMMENT.sub("", text)
    return [words for pattern, words in INLINE if pattern.search(text)]


def test_templates_name_only_what_is_below():
    faults = [
        f"{where(path)}: {fault}"
        for path in templates()
        for fault in faults_of(path.read_text(encoding="utf-8"), part_of(path))
    ]

    assert faults == []


def test_notices_what_is_above_and_what_is_nowhere():
    faults = list(faults_of('<c-nowhere /> {% include "no/such.html" %} {# <c-other> #}', "core"))

    assert faults == ["nobody owns no/such.html", "nobody owns <c-nowhere>"]
    assert list(faults_of("<c-card>", "core")) == [
        "<c-card> belongs to ui, which core may not know"
    ]


def test_templates_carry_no_inline_style_or_script():
    faults = [
        f"{where(path)}: {fault}"
        for path in templates()
        if not MAY_BE_INLINE.search(str(path))
        for fault in inline_parts(path.read_text(encoding="utf-8"))
    ]

    assert faults == []


def test_notices_inline_style_and_script():
    assert inline_parts('<p style="color:red" onclick="go()"><script>go()</script>') == [
        "a style attribute",
        "an event attribute",
        "an inline script",
    ]
    assert inline_parts('<script src="a.js"></script><p :style="s" @click="go" only="x">') == []


def test_every_template_lies_under_the_name_of_its_part():
    allowed = {"cotton", "errors", "registration"}
    strange = [
        where(path)
        for path in templates()
        if _first_folder(path) not in {part_of(path), *allowed} and path.parent.name != "templates"
    ]

    assert strange == []


def _first_folder(path: Path) -> str:
    parts = path.parts
    return parts[len(parts) - parts[::-1].index("templates")]
