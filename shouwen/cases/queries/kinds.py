"""Kinds and their categories, as forms and lists offer them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import CaseCategory, CaseKind, CaseKindVersion


def active_kinds() -> QuerySet[CaseKind]:
    """Kinds that new cases may have, complaints first."""
    return CaseKind.objects.filter(is_active=True).order_by("-is_complaint", "name")


def nodes_of(kind: CaseKind, axis: str) -> QuerySet[CaseCategory]:
    """The categories or causes of a kind that may be chosen now, in their order."""
    return (
        CaseCategory.objects.filter(kind=kind, axis=axis, is_active=True)
        .select_related("parent")
        .order_by("position")
    )


def written(defined: KindDefinition) -> dict[str, object]:
    """A definition as it is stored and compared: without what goes without saying."""
    return defined.model_dump(mode="json", exclude_defaults=True)


def gives_way(kind: CaseKind, pack: str, *, is_base: bool) -> bool:
    """Whether a pack's own version of this kind stands behind that of another one: the base always does."""
    return is_base and kind.pack not in {"", pack}


def outcome_of(defined: KindDefinition, kind: CaseKind | None, *, pack: str, is_base: bool) -> str:
    """What installing would do to this kind: new, upgraded, kept (what the site has stays), unchanged."""
    if kind is None:
        return "new"
    if gives_way(kind, pack, is_base=is_base):
        return "kept"
    if kind.pack_definition == written(defined):
        return "unchanged"
    is_own = kind.pack_definition is None or kind.is_edited
    return "kept" if is_own and kind.definition != written(defined) else "upgraded"


def versions_of(kind: CaseKind) -> QuerySet[CaseKindVersion]:
    """What the kind was before, the newest first."""
    return kind.versions.select_related("by").order_by("-number")


def defined_at(kind: CaseKind, at: datetime) -> KindDefinition:
    """The definition that held at that moment; before the first version, the first one."""
    versions = kind.versions.order_by("-number")
    held = versions.filter(at__lte=at).first() or versions.last()
    return held.defined if held else kind.defined


def categories_by_code(
    kinds: Collection[CaseKind], codes: Collection[str]
) -> dict[tuple[int, str], CaseCategory]:
    """The categories with these codes that may be chosen now, by kind and code. One query."""
    found = CaseCategory.objects.filter(
        kind__in=kinds, axis=CaseCategory.Axis.CATEGORY, code__in=codes, is_active=True
    )
    return {(one.kind_id, one.code): one for one in found}


def public_kinds() -> list[CaseKind]:
    """Kinds that customers may send in themselves, complaints first."""
    return [kind for kind in active_kinds() if kind.defined.is_public]


def public_kind(code: str) -> CaseKind | None:
    """The kind with this code, if customers may send it in themselves."""
    return next((kind for kind in public_kinds() if kind.code == code), None)
