"""The rules that drop: made, changed, switched."""

import re

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import Refused
from shouwen.mailroom.events import DropRuleSaved
from shouwen.mailroom.models import DropRule
from shouwen.mailroom.permissions import MailPermission

# Newsletters may come from customers' own lists: shown, and never answered, until switched on.
_OFF_AT_FIRST = {DropRule.Kind.BULK}
_PATTERN = re.compile(r"(?:[^\s@]+)?@[^\s@]+")


class PatternUnclear(Refused):
    """The pattern is neither an address nor a domain."""


class RuleIsNeeded(Refused):
    """This rule cannot be switched off."""


def built_in_rule(kind: DropRule.Kind | str) -> DropRule:
    """The rule of this kind that comes with the product; made when missing."""
    kind = DropRule.Kind(kind)
    rule, _made = DropRule.objects.get_or_create(
        code=kind.value,
        defaults={
            "kind": kind,
            "name": kind.value,
            "is_built_in": True,
            "is_active": kind not in _OFF_AT_FIRST,
        },
    )
    return rule


@transaction.atomic
def block_sender(pattern: str, *, name: str, by: Staff) -> DropRule:
    """Mail from this address, or from `@domain`, is dropped from now on, counted under the name.

    Refuses with PatternUnclear what is neither; the same pattern twice is one rule.
    """
    require(by, MailPermission.SET_UP)
    clean = pattern.strip().lower()
    if not _PATTERN.fullmatch(clean):
        raise PatternUnclear(_("Please give an address, or @ and a domain."))
    rule, _made = DropRule.objects.update_or_create(
        kind=DropRule.Kind.SENDER,
        pattern=clean,
        defaults={"name": name.strip() or clean, "is_active": True},
        create_defaults={
            "name": name.strip() or clean,
            "code": f"sender-{get_random_string(12).lower()}",
            "is_active": True,
        },
    )
    publish(DropRuleSaved(rule_id=rule.pk, is_active=True, by_id=by.pk))
    return rule


@transaction.atomic
def switch_rule(rule_id: int, *, is_active: bool, by: Staff) -> DropRule:
    """The rule works, or does not, from now on. Dropping by hand has no switch."""
    require(by, MailPermission.SET_UP)
    rule = DropRule.objects.select_for_update().get(pk=rule_id)
    if rule.kind == DropRule.Kind.BY_HAND:
        raise RuleIsNeeded(_("Dropping by hand is decided by people, case by case."))
    rule.is_active = is_active
    rule.save(update_fields=["is_active", "updated_at"])
    publish(DropRuleSaved(rule_id=rule.pk, is_active=is_active, by_id=by.pk))
    return rule
