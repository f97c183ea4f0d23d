"""Kinds of cases: installed from packs, edited by a site, exported again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.definitions import KindDefinition, Node
from shouwen.cases.events import CaseKindChanged
from shouwen.cases.mistakes import in_words
from shouwen.cases.models import CaseCategory, CaseKind, CaseKindVersion
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.kinds import gives_way, outcome_of, written
from shouwen.cases.refusals import KindInvalid
from shouwen.core.bus import publish

Version = CaseKindVersion.How


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
    brought = written(defined)
    kind = CaseKind.objects.select_for_update().filter(code=defined.code).first()
    outcome = outcome_of(defined, kind, pack=pack, is_base=is_base)
    if kind is None:
        _check_prefix(defined)
        kind = CaseKind(code=defined.code, pack=pack, pack_definition=brought)
        _write(kind, defined, how=Version.INSTALLED, by=by)
    elif outcome != "unchanged" and not gives_way(kind, pack, is_base=is_base):
        kind.pack, kind.pack_definition = pack, brought
        kind.is_behind_pack = outcome == "kept"
        if outcome == "upgraded" and kind.definition != brought:
            _check_prefix(defined)
            _write(kind, defined, how=Version.UPGRADED, by=by)
        else:
            kind.save(update_fields=["pack", "pack_definition", "is_behind_pack", "updated_at"])
    return Installed(defined.code, outcome)


def take_from_pack(code: str, *, by: Staff) -> CaseKind:
    """The kind is as its pack brought it last; what the site had edited stays among the versions."""
    return _settle(code, takes_pack=True, by=by)


def keep_own(code: str, *, by: Staff) -> CaseKind:
    """The site's own stays, and the newer one of the pack is no news any more."""
    return _settle(code, takes_pack=False, by=by)


@transaction.atomic
def _settle(code: str, *, takes_pack: bool, by: Staff) -> CaseKind:
    require(by, CasePermission.CONFIGURE)
    kind = CaseKind.objects.select_for_update().get(code=code)
    kind.is_behind_pack = False
    if takes_pack and kind.is_edited:
        defined = KindDefinition.model_validate(kind.pack_definition)
        _check_prefix(defined)
        _write(kind, defined, how=Version.UPGRADED, by=by)
    else:
        kind.save(update_fields=["is_behind_pack", "updated_at"])
    return kind


@transaction.atomic
def save_kind(
    definition: Mapping[str, object], *, by: Staff, of: CaseKind | None = None
) -> CaseKind:
    """The kind is as written here from now on, and what it was stays as a version.

    Cases that run follow it at their next step; clocks that run keep the time they promised.
    Saving what stands there already changes nothing. Refuses what definitions.py refuses, naming
    the place, a prefix another kind numbers by, and another code than that of the kind edited.
    """
    require(by, CasePermission.CONFIGURE)
    try:
        defined = KindDefinition.model_validate(definition)
    except ValidationError as error:
        raise KindInvalid(in_words(error)) from error
    if of and of.code != defined.code:
        raise KindInvalid(_("The code of a kind stays “%s”.") % of.code)
    kind = CaseKind.objects.select_for_update().filter(code=defined.code).first()
    if kind and kind.definition == written(defined):
        return kind
    _check_prefix(defined)
    kind = kind or CaseKind(code=defined.code)
    _write(kind, defined, how=Version.EDITED, by=by)
    return kind


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


def _write(kind: CaseKind, defined: KindDefinition, *, how: Version, by: Staff) -> None:
    newest = kind.versions.order_by("-number").first() if kind.pk else None
    kind.name = defined.name
    kind.is_complaint = defined.is_complaint
    kind.definition = written(defined)
    kind.is_behind_pack = kind.is_behind_pack and kind.is_edited
    kind.__dict__.pop("defined", None)
    kind.save()
    CaseKindVersion.objects.create(
        kind=kind,
        number=newest.number + 1 if newest else 1,
        definition=kind.definition,
        how=how,
        by=by,
    )
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
