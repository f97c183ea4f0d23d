"""Kinds and packs as the settings show them."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import CaseKind
from shouwen.cases.queries.kinds import outcome_of
from shouwen.packs.loading import PackInfo, PackInvalid, packs_folder, read_pack
from shouwen.packs.writing import kind_text


@dataclass(frozen=True)
class Shelf:
    """A pack, what of it is here, and what installing it would do now."""

    info: PackInfo
    kinds: list[CaseKind]
    outcomes: Mapping[str, str] = field(default_factory=dict)  # by code of kind
    mistakes: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether anything of it was installed."""
        return bool(self.kinds)

    @property
    def brings_news(self) -> bool:
        """Whether installing it would change anything."""
        return bool({"new", "upgraded"} & set(self.outcomes.values()))


def shelves() -> list[Shelf]:
    """The packs that come with the product, the base first."""
    kinds = list(CaseKind.objects.order_by("-is_complaint", "name"))
    folders = [path.parent for path in sorted(packs_folder().glob("*/pack.yaml"))]
    shown = [_shelf(folder, kinds) for folder in folders]
    return sorted(shown, key=lambda one: (not one.info.is_base, one.info.code))


def _shelf(folder: Path, kinds: list[CaseKind]) -> Shelf:
    code = folder.name
    here = [one for one in kinds if one.pack == code]
    try:
        pack = read_pack(folder)
    except PackInvalid as invalid:
        return Shelf(PackInfo(code=code, name=code, version=1), here, mistakes=invalid.mistakes)
    by_code = {one.code: one for one in kinds}
    outcomes = {
        one.code: outcome_of(one, by_code.get(one.code), pack=code, is_base=pack.info.is_base)
        for one in pack.kinds
    }
    return Shelf(pack.info, here, outcomes)


def own_kinds() -> list[CaseKind]:
    """Kinds that no pack brought."""
    return list(CaseKind.objects.filter(pack="").order_by("-is_complaint", "name"))


def shipped_folder(code: str) -> Path | None:
    """Where the pack with this code lies; None when the product brings no such pack."""
    return next(
        (one.parent for one in packs_folder().glob("*/pack.yaml") if one.parent.name == code), None
    )


@dataclass(frozen=True)
class DiffLine:
    """A line of a comparison: of both, of the first only (-), of the second only (+)."""

    sign: str
    text: str


def differences(before: KindDefinition, after: KindDefinition) -> list[DiffLine]:
    """What differs between two definitions, line by line as text, with three lines around."""
    lines = difflib.unified_diff(
        kind_text(before).splitlines(), kind_text(after).splitlines(), n=3, lineterm=""
    )
    kept = [line for line in lines if not line.startswith(("---", "+++"))]
    return [
        DiffLine("…", "") if line.startswith("@@") else DiffLine(line[:1].strip(), line[1:])
        for line in kept
    ]
