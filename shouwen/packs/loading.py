"""Reading packs: YAML checked by the definitions, every mistake with its file and line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, ValidationError

from shouwen.cases.definitions import Code, KindDefinition, Name, Strict, Text
from shouwen.core.errors import Refused

M = TypeVar("M", bound=BaseModel)
FILE_LIMIT = 1_000_000


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


class PackInvalid(Refused):
    """A pack does not make sense as written; the message names each file and line."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(mistakes))


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
            if len(text) > FILE_LIMIT:
                raise ValueError(_("the file is too large"))
            tree = yaml.compose(text, Loader=yaml.SafeLoader)
            content = yaml.safe_load(text)
        except (OSError, ValueError, RecursionError) as error:
            self.mistakes.append(f"{name}: {error}")
            return None
        except yaml.YAMLError as error:
            self.mistakes.append(f"{name}:{_line_of_yaml_error(error)}: {_words_of(error)}")
            return None
        try:
            return model.model_validate(content)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                line = _line_of(tree, one["loc"])
                place = ".".join(map(str, one["loc"]))
                self.mistakes.append(f"{name}:{line}: {place}: {one['msg']}")
            return None


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
    read = {
        path: reading.read(path, KindDefinition) for path in sorted(folder.glob("kinds/*.yaml"))
    }
    kinds = {path: kind for path, kind in read.items() if kind is not None}
    for path, kind in kinds.items():
        if kind.code != path.stem:
            reading.mistakes.append(
                _("%(file)s: the code “%(code)s” must be the file's name")
                % {"file": path.relative_to(folder.parent), "code": kind.code}
            )
    if reading.mistakes or info is None:
        raise PackInvalid(reading.mistakes)
    return Pack(info, tuple(kinds.values()))


def shipped_packs() -> list[Pack]:
    """The packs that come with the product, the base first."""
    folders = [path.parent for path in sorted(packs_folder().glob("*/pack.yaml"))]
    packs = [read_pack(folder) for folder in folders]
    return sorted(packs, key=lambda pack: (not pack.info.is_base, pack.info.code))
