"""What a read mail is to us; pure, so that an import without a database judges the same way."""

from collections.abc import Collection
from dataclasses import dataclass

from shouwen.mailroom.carriers.email.automatic import AutomaticKind
from shouwen.mailroom.carriers.email.message import ParsedMail
from shouwen.mailroom.models import DropRule
from shouwen.mailroom.tokens import MESSAGE_ID_BYTES, is_own_message_id

_SCANNED_BYTES = 4_000_000
Kind = DropRule.Kind
DEFAULT_RULES: frozenset[str] = frozenset(
    {Kind.OWN_LOOP, Kind.UNKNOWN_BOUNCE, Kind.UNKNOWN_AUTO_REPLY, Kind.TOO_LARGE}
)


@dataclass(frozen=True)
class Facts:
    """What the ledgers know of a mail: the rules in force, and what it answers."""

    active_rules: frozenset[str] = DEFAULT_RULES
    blocked_patterns: Collection[str] = ()
    answers_ours: bool = False


@dataclass(frozen=True)
class Verdict:
    """What to do with a mail: drop it by a rule (with the pattern of a blocked sender), or show it."""

    rule: str = ""
    pattern: str = ""
    automatic: str = ""
    is_bounce: bool = False


def judge(mail: ParsedMail, facts: Facts) -> Verdict:
    """Whether a rule drops it, whether a machine wrote it, whether it is a bounce of ours."""
    automatic = mail.automatic.kind if mail.automatic else None
    label = automatic.value if automatic else ""
    if is_own_message_id(mail.message_id) and Kind.OWN_LOOP in facts.active_rules:
        return Verdict(rule=Kind.OWN_LOOP, automatic=AutomaticKind.LOOP.value)
    if pattern := _blocked(mail.from_address, facts.blocked_patterns):
        return Verdict(rule=Kind.SENDER, pattern=pattern, automatic=label)
    if automatic is AutomaticKind.BOUNCE and facts.answers_ours:
        return Verdict(automatic=label, is_bounce=True)
    if rule := _rule_for(automatic, facts):
        return Verdict(rule=rule, automatic=label)
    return Verdict(automatic=label)


def _rule_for(automatic: AutomaticKind | None, facts: Facts) -> str:
    """The rule under which mail of a machine falls, if that rule is in force."""
    if automatic is AutomaticKind.BULK and Kind.BULK in facts.active_rules:
        return Kind.BULK
    unknown = {
        AutomaticKind.BOUNCE: Kind.UNKNOWN_BOUNCE,
        AutomaticKind.AUTO_REPLY: Kind.UNKNOWN_AUTO_REPLY,
    }
    rule = unknown.get(automatic) if automatic else None
    return rule if rule and rule in facts.active_rules and not facts.answers_ours else ""


def _blocked(address: str, patterns: Collection[str]) -> str:
    lower = address.lower()
    domain = "@" + lower.rpartition("@")[2]
    return next((one for one in (lower, domain) if one and one in patterns), "")


def own_ids_inside(raw: bytes) -> list[str]:
    """The Message-IDs of ours that a bounce quotes anywhere in its first megabytes."""
    found = (match.decode() for match in MESSAGE_ID_BYTES.findall(raw[:_SCANNED_BYTES]))
    return [one for one in dict.fromkeys(found) if is_own_message_id(one)]
