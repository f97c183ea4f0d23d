"""Writing kinds back as the YAML they came from: read again it is the same definition."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import yaml

from shouwen.cases.definitions import KindDefinition
from shouwen.cases.queries.kinds import written
from shouwen.packs.loading import PackInfo

WIDTH = 110


class _Writer(yaml.SafeDumper):
    """Lists below their key are indented, short entries stand on one line: as people write packs."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - the base class's signature
        del indentless
        super().increase_indent(flow, indentless=False)

    def represent_entry(self, entry: dict[str, Any]) -> yaml.MappingNode:
        node = self.represent_dict(entry.items())
        node.flow_style = all(not isinstance(value, dict | list) for value in entry.values())
        return node


class _Entry(dict[str, Any]):
    """A mapping that stands in a list."""


_Writer.add_representer(_Entry, _Writer.represent_entry)


def kind_text(defined: KindDefinition) -> str:
    """The definition as a file of a pack."""
    content = {name: _marked(value) for name, value in written(defined).items()}
    return yaml.dump(
        content,
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=WIDTH,
    )


def _marked(value: Any) -> Any:
    """The value, its mappings inside lists marked as entries."""
    if isinstance(value, list):
        return [_marked(one) for one in value]
    if isinstance(value, dict):
        return _Entry({name: _marked(one) for name, one in value.items()})
    return value


def pack_archive(info: PackInfo, kinds: Sequence[KindDefinition]) -> bytes:
    """The folder of a pack, zipped: pack.yaml and a file a kind."""
    about = yaml.dump(
        info.model_dump(mode="json", exclude_defaults=True), allow_unicode=True, sort_keys=False
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr(f"{info.code}/pack.yaml", about)
        for kind in kinds:
            files.writestr(f"{info.code}/kinds/{kind.code}.yaml", kind_text(kind))
    return archive.getvalue()
