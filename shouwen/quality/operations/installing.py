"""Rule documents and principles that packs bring."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.quality.definitions import PrincipleDefinition, RuleDefinition
from shouwen.quality.models import Principle, RuleDocument
from shouwen.quality.operations.rules import put_draft
from shouwen.quality.permissions import QualityPermission


@dataclass(frozen=True)
class RuleInstalled:
    """What an installation did to one document: new, upgraded, kept or unchanged."""

    code: str
    outcome: str


@transaction.atomic
def install_rules(
    definitions: Iterable[RuleDefinition], *, pack: str, by: Staff
) -> list[RuleInstalled]:
    """The pack's documents are there as drafts: somebody of the site reads and publishes them.

    Twice changes nothing. A new text of the pack becomes a draft, unless the site has written one of
    its own. Source: D560, D562, D570, D616, D689.
    """
    require(by, QualityPermission.WRITE_RULES)
    return [_install(one, pack=pack, by=by) for one in definitions]


def _install(defined: RuleDefinition, *, pack: str, by: Staff) -> RuleInstalled:
    brought = defined.model_dump(mode="json", exclude_defaults=True)
    document = RuleDocument.objects.select_for_update().filter(code=defined.code).first()
    if document is None:
        document = RuleDocument(code=defined.code)
        _fill(document, defined, pack)
        put_draft(document, defined, note=defined.source, by=by, how="installed")
        return RuleInstalled(defined.code, "new")
    if document.pack_definition == brought:
        return RuleInstalled(defined.code, "unchanged")
    if document.versions.filter(is_from_pack=False).exists() or document.pack != pack:
        return RuleInstalled(defined.code, "kept")
    _fill(document, defined, pack)
    put_draft(document, defined, note=defined.source, by=by, how="upgraded")
    return RuleInstalled(defined.code, "upgraded")


def _fill(document: RuleDocument, defined: RuleDefinition, pack: str) -> None:
    document.title, document.sort = defined.title, defined.sort
    document.posts, document.is_public = list(defined.posts), defined.is_public
    document.first_review_months = defined.first_review_months
    document.review_months = defined.review_months
    document.pack = pack
    document.pack_definition = defined.model_dump(mode="json", exclude_defaults=True)
    document.save()


@transaction.atomic
def install_principles(given: Iterable[PrincipleDefinition], *, by: Staff) -> int:
    """Principles the site has never had are added; those it changed or put away stay so. Returns how many."""
    require(by, QualityPermission.SET_STANDARDS)
    place = Principle.objects.count()
    made = 0
    for one in given:
        _row, is_new = Principle.objects.get_or_create(
            code=one.code,
            defaults={
                "text": one.text,
                "position": place + made,
            },
        )
        made += is_new
    return made
