"""Installing packs."""

from dataclasses import dataclass

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.cases.operations.kinds import Installed, install_kinds
from shouwen.packs.loading import Pack
from shouwen.quality.operations.installing import (
    RuleInstalled,
    install_principles,
    install_rules,
)


@dataclass(frozen=True)
class PackInstalled:
    """What an installation did."""

    code: str
    version: int
    kinds: list[Installed]
    rules: list[RuleInstalled]


@transaction.atomic
def install_pack(pack: Pack, *, by: Staff) -> PackInstalled:
    """Everything in the pack is there; installing it again changes nothing, and what a site edited stays."""
    kinds = install_kinds(pack.kinds, pack=pack.info.code, is_base=pack.info.is_base, by=by)
    rules = install_rules(pack.rules, pack=pack.info.code, by=by)
    install_principles(pack.principles, by=by)
    return PackInstalled(pack.info.code, pack.info.version, kinds, rules)
