"""Loads templates with the small components written into them, so that a long list stays quick.

A component costs a template of its own each time it is drawn. The small ones that stand in every
row become a plain `{% with %}` around their text where their attributes allow; all else is cotton's.
"""

import re
from functools import cache
from pathlib import Path

from django.template import Origin
from django_cotton.compiler_regex import CottonCompiler
from django_cotton.cotton_loader import Loader as CottonLoader

COMPONENTS = Path(__file__).parent / "templates" / "cotton"
SMALL = ("avatar", "badge", "chip", "due", "elapsed", "icon", "timeago")

_ATTRIBUTE = re.compile(r'\s+(:?[\w.-]+)="([^"]*)"')
_TAG = re.compile(rf'<c-({"|".join(SMALL)})((?:\s+:?[\w.-]+="[^"]*")*)\s*(/?)>')
_VARIABLES = re.compile(r"<c-vars((?:\s+:?[\w.-]+=\"[^\"]*\")*)\s*/>")
_COMMENT = re.compile(r"{#.*?#}")
_PLAIN = re.compile(r"[^{}\"'<>&]*")
_EXPRESSION = re.compile(r"{{ ([^\s{}]+) }}")
_NAME = re.compile(r"\w+")
_INSIDE = r"((?:(?!{% (?:if|elif|else|endif)\b).)*)"


@cache
def _component(name: str) -> tuple[dict[str, str], str]:
    """The defaults of a component, each as a template expression, and its text."""
    source = (COMPONENTS / f"{name}.html").read_text(encoding="utf-8")
    found = _VARIABLES.search(source)
    given = _ATTRIBUTE.findall(found.group(1)) if found else []
    defaults = {key.lstrip(":"): _value(key, text) or '""' for key, text in given}
    return defaults, _COMMENT.sub("", _VARIABLES.sub("", source)).strip()


def _value(key: str, text: str) -> str | None:
    """An attribute as an expression for `{% with %}`; None if it is more than that."""
    if key.startswith(":"):
        return text if text and not re.search(r"[\s{}]", text) else None
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    found = _EXPRESSION.fullmatch(text)
    return found.group(1) if found else None


def _written_in(name: str, attributes: str, slot: str) -> str | None:
    """The component's text with its attributes and slot; None if it must stay a component."""
    defaults, text = _component(name)
    given = _ATTRIBUTE.findall(attributes)
    values = defaults | {
        key.lstrip(":"): _value(key, one) for key, one in given if key.lstrip(":") in defaults
    }
    others = [f'{key}="{one}"' for key, one in given if key.lstrip(":") not in defaults]
    # Inside `{% with %}` a name of the page would mean the component's.
    around = set(_NAME.findall(" ".join([slot, *others])))
    if (
        None in values.values()
        or any(one.startswith(":") for one in others)
        or around & set(values)
    ):
        return None
    needed = {}
    for key, value in values.items():
        text = _folded(text, key, str(value))
        if re.search(rf"{{[{{%][^}}]*\b{key}\b", text):
            needed[key] = value
    text = text.replace("{{ attrs }}", " ".join(others)).replace("{{ slot }}", slot)
    if not needed:
        return text
    names = " ".join(f"{key}={value}" for key, value in needed.items())
    return f"{{% with {names} %}}{text}{{% endwith %}}"


def _folded(text: str, key: str, value: str) -> str:
    """The text with what a plain value decides decided: `{{ key }}` and `{% if key %}`."""
    if not value.startswith('"'):
        return text
    plain = value.strip('"')
    text = text.replace(f"{{{{ {key} }}}}", plain)
    branches = rf"{{% if {key} %}}{_INSIDE}(?:{{% else %}}{_INSIDE})?{{% endif %}}"
    return re.sub(branches, lambda found: found.group(1 if plain else 2) or "", text)


def written_in(source: str) -> str:
    """The template with its small components written in, also those inside of others."""
    at = 0
    while match := _TAG.search(source, at):
        name, attributes, closed = match.groups()
        end = match.end()
        slot = ""
        if not closed:
            closing = source.find(f"</c-{name}>", end)
            slot = source[end:closing]
            end = closing + len(f"</c-{name}>")
        text = None if f"<c-{name}" in slot else _written_in(name, attributes, slot)
        if text is None:
            at = match.end()
            continue
        source = source[: match.start()] + text + source[end:]
        at = match.start()
    return source


class _Compiler(CottonCompiler):  # type: ignore[misc]  # cotton is not typed
    def process(self, html: str) -> str:
        done: str = super().process(written_in(html))
        return done


class Loader(CottonLoader):  # type: ignore[misc]  # cotton is not typed
    """Cotton's loader, with the small components written in."""

    def __init__(self, engine: object, dirs: list[str] | None = None) -> None:
        super().__init__(engine, dirs)
        self.cotton_compiler = _Compiler()

    def get_contents(self, origin: Origin) -> str:
        """The text that Django compiles."""
        contents: str = super().get_contents(origin)
        return contents
