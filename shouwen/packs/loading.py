"""Reading packs: YAML checked by the definitions, every mistake with its file and line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from shouwen.cases.definitions import Code, KindDefinition, Name, Strict, Text
from shouwen.cases.mistakes import place_of, words_for
from shouwen.core.errors import Refused
from shouwen.quality.definitions import PrincipleDefinition, PrincipleList, RuleDefinition

M = TypeVar("M", bound=BaseModel)
C = TypeVar("C", KindDefinition, RuleDefinition)
TEXT_LIMIT = 300_000


class PackInfo(Strict):
    """What pack.yaml says."""

    code: Code
    name: Name
    version: Annotated[int, Field(ge=1)]
    description: Text = ""
    is_base: bool = False  # its kinds give way to those of a pack made for an industry


@dataclass(frozen=True)
class Pack:
    """A pack, read and checked."""

    info: PackInfo
    kinds: tuple[KindDefinition, ...]
    rules: tuple[RuleDefinition, ...] = ()
    principles: tuple[PrincipleDefinition, ...] = ()


class PackInvalid(Refused):
    """A pack does not make sense as written; the message names each file and line."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True)
class Mistake:
    """Something wrong in a text: its line, counted from 1, and what."""

    line: int
    words: str


def check_text(text: str, model: type[M]) -> tuple[M | None, list[Mistake]]:
    """The text as `model`; None when it is wrong, with every mistake at its line."""
    if len(text) > TEXT_LIMIT:
        return None, [Mistake(1, _("the text is too long"))]
    try:
        tree = _composed(text)
        if twice := list(_keys_twice(tree)):
            return None, twice
        return model.model_validate(yaml.safe_load(text)), []
    except yaml.YAMLError as error:
        return None, [Mistake(_line_of_yaml_error(error), _words_of(error))]
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            return None, [Mistake(1, str(error))]
        mistakes = error.errors(include_url=False)
        return None, [_mistake(tree, one) for one in mistakes]


def _composed(text: str) -> Any:
    """The tree of the text. Repeating a part by reference is refused: it can swell without end."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            mark = token.start_mark
            raise yaml.MarkedYAMLError(None, None, _("references (*) are not used here"), mark)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _keys_twice(node: Any) -> Iterator[Mistake]:
    """Keys that stand in one mapping twice: the first would be lost without a word."""
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _keys_twice(one)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield Mistake(key.start_mark.line + 1, _("“%s” stands there twice") % key.value)
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
            yield from _keys_twice(value)


def _mistake(tree: Any, one: ErrorDetails) -> Mistake:
    return Mistake(_line_of(tree, one["loc"]), f"{place_of(one)}: {words_for(one)}")


@dataclass
class _Reading:
    """The files of one pack, and what is wrong with them."""

    folder: Path
    mistakes: list[str] = field(default_factory=list)

    def read(self, path: Path, model: type[M]) -> M | None:
        """The file as `model`; None when it is wrong, and the mistakes are noted."""
        name = path.relative_to(self.folder.parent)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            self.mistakes.append(f"{name}: {error}")
            return None
        found, mistakes = check_text(text, model)
        self.mistakes += [f"{name}:{one.line}: {one.words}" for one in mistakes]
        return found


def _line_of_yaml_error(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _words_of(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or str(error)


def _line_of(tree: Any, place: tuple[int | str, ...]) -> int:
    """The line of the deepest node on the way to `place` that is there."""
    node = tree
    for step in place:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return node.start_mark.line + 1 if node is not None else 1


def _below(node: Any, step: int | str) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                # An unknown key is the mistake itself; of a known one it is the value.
                return value
    return None


def packs_folder() -> Path:
    """Where the packs that come with the product lie."""
    return Path(settings.BASE_DIR) / "packs"


def read_pack(folder: Path) -> Pack:
    """The pack in this folder; refuses it with every mistake at once."""
    reading = _Reading(folder)
    info = reading.read(folder / "pack.yaml", PackInfo)
    kinds = _read_coded(reading, "kinds", KindDefinition)
    rules = _read_coded(reading, "rules", RuleDefinition)
    listed = folder / "principles.yaml"
    principles = reading.read(listed, PrincipleList) if listed.exists() else None
    if reading.mistakes or info is None:
        raise PackInvalid(reading.mistakes)
    return Pack(info, kinds, rules, principles.principles if principles else ())


def _read_coded(reading: _Reading, name: str, model: type[C]) -> tuple[C, ...]:
    """The files of one folder of the pack, each named by its code."""
    folder = reading.folder
    read = {path: reading.read(path, model) for path in sorted(folder.glob(f"{name}/*.yaml"))}
    found = {path: one for path, one in read.items() if one is not None}
    for path, one in found.items():
        if one.code != path.stem:
            reading.mistakes.append(
                _("%(file)s: the code “%(code)s” must be the file's name")
                % {"file": path.relative_to(folder.parent), "code": one.code}
            )
    return tuple(found.values())


def shipped_packs() -> list[Pack]:
    """The packs that come with the product, the base first."""
    folders = [path.parent for path in sorted(packs_folder().glob("*/pack.yaml"))]
    packs = [read_pack(folder) for folder in folders]
    return sorted(packs, key=lambda pack: (not pack.info.is_base, pack.info.code))
