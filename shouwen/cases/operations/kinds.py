"""Kinds of cases: installed from packs, edited by a site, exported again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.definitions import KindDefinition, Node
from shouwen.cases.events import CaseKindChanged
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.cases.permissions import CasePermission
from shouwen.cases.refusals import KindInvalid
from shouwen.core.bus import publish


@dataclass(frozen=True)
class Installed:
    """What an installation did to one kind: new, upgraded, kept as the site edited it, or nothing."""

    code: str
    outcome: str


@transaction.atomic
def install_kinds(
    definitions: Iterable[KindDefinition], *, pack: str, is_base: bool = False, by: Staff
) -> list[Installed]:
    """The pack's kinds are there. Twice changes nothing; what a site edited is kept on upgrade.

    Two packs may bring a kind with one code: that of an industry stands before that of the base.
    """
    require(by, CasePermission.CONFIGURE)
    return [_install(one, pack=pack, is_base=is_base, by=by) for one in definitions]


def _install(defined: KindDefinition, *, pack: str, is_base: bool, by: Staff) -> Installed:
    brought = defined.model_dump(mode="json", exclude_defaults=True)
    kind = CaseKind.objects.select_for_update().filter(code=defined.code).first()
    if kind is None:
        kind = CaseKind(code=defined.code, pack=pack, pack_definition=brought)
        _write(kind, defined, how="installed", by=by)
        return Installed(defined.code, "new")
    if is_base and kind.pack not in {"", pack}:
        return Installed(defined.code, "kept")
    if kind.pack_definition == brought:
        return Installed(defined.code, "unchanged")
    was_edited = kind.is_edited
    kind.pack, kind.pack_definition = pack, brought
    if was_edited:
        kind.save(update_fields=["pack", "pack_definition", "updated_at"])
        return Installed(defined.code, "kept")
    _write(kind, defined, how="upgraded", by=by)
    return Installed(defined.code, "upgraded")


@transaction.atomic
def save_kind(definition: dict[str, object], *, by: Staff) -> CaseKind:
    """The kind is as written here from now on; cases that run follow it at their next step.

    Refuses what definitions.py refuses, naming the place, and a prefix another kind numbers by.
    """
    require(by, CasePermission.CONFIGURE)
    try:
        defined = KindDefinition.model_validate(definition)
    except ValidationError as error:
        raise KindInvalid(in_words(error)) from error
    kind = CaseKind.objects.select_for_update().filter(code=defined.code).first()
    _check_prefix(defined)
    kind = kind or CaseKind(code=defined.code)
    _write(kind, defined, how="edited", by=by)
    return kind


def in_words(error: ValidationError) -> str:
    """Where a definition is wrong and how, one line a mistake: "fields.2.type: ..."."""
    lines = []
    for one in error.errors(include_url=False):
        place = ".".join(str(step) for step in one["loc"]) or _("the whole")
        lines.append(f"{place}: {one['msg']}")
    return "\n".join(lines)


def _check_prefix(defined: KindDefinition) -> None:
    for other in CaseKind.objects.exclude(code=defined.code):
        if other.definition.get("prefix") == defined.prefix:
            raise KindInvalid(
                _("“%(kind)s” numbers its cases with %(prefix)s already.")
                % {"kind": other.name, "prefix": defined.prefix}
            )


@transaction.atomic
def retire_kind(code: str, *, is_active: bool, by: Staff) -> CaseKind:
    """No new cases of this kind, or new ones again; those that exist go on."""
    require(by, CasePermission.CONFIGURE)
    kind = CaseKind.objects.select_for_update().get(code=code)
    if kind.is_active != is_active:
        kind.is_active = is_active
        kind.save(update_fields=["is_active", "updated_at"])
        _announce(kind, "restored" if is_active else "retired", by)
    return kind


def _write(kind: CaseKind, defined: KindDefinition, *, how: str, by: Staff) -> None:
    kind.name = defined.name
    kind.is_complaint = defined.is_complaint
    kind.definition = defined.model_dump(mode="json", exclude_defaults=True)
    kind.__dict__.pop("defined", None)
    kind.save()
    _write_nodes(kind, CaseCategory.Axis.CATEGORY, defined.categories)
    _write_nodes(kind, CaseCategory.Axis.CAUSE, defined.causes)
    _announce(kind, how, by)


def _announce(kind: CaseKind, how: str, by: Staff) -> None:
    publish(CaseKindChanged(kind_id=kind.pk, code=kind.code, how=how, by_id=by.pk))


def _write_nodes(kind: CaseKind, axis: str, nodes: tuple[Node, ...]) -> None:
    """The tree of this axis is as defined; nodes that are gone stay for the cases that name them."""
    written: set[int] = set()
    _write_branch(kind, axis, nodes, None, written)
    CaseCategory.objects.filter(kind=kind, axis=axis).exclude(pk__in=written).update(
        is_active=False
    )


def _write_branch(
    kind: CaseKind,
    axis: str,
    nodes: tuple[Node, ...],
    parent: CaseCategory | None,
    written: set[int],
) -> None:
    for node in nodes:
        row, _is_new = CaseCategory.objects.update_or_create(
            kind=kind,
            axis=axis,
            code=node.code,
            defaults={
                "name": node.name,
                "help": node.help,
                "needs_evidence": node.needs_evidence,
                "parent": parent,
                "position": len(written),
                "is_active": True,
            },
        )
        written.add(row.pk)
        _write_branch(kind, axis, node.children, row, written)
