"""Whose the things in addresses are, and what may therefore come back. The second opinion on `visible_...`."""

from dataclasses import dataclass
from enum import Enum

from shouwen.accounts.models import Role
from shouwen.accounts.permissions import default_permissions
from shouwen.accounts.roles import ALL_POWERFUL
from tests.attack.addresses import Address
from tests.attack.world import WORD, Actor


class Owned(Enum):
    """Whose a thing is."""

    DEPARTMENT = "the department's: others only with reach over everything"
    PERSON = "one person's own: nobody else's"
    COMPANY = "the company's: whoever has the permission"
    PUBLIC = "everybody's who knows the word"


# The parameter in the address -> whose it is. A parameter that is missing here fails the matrix.
OWNED = {
    "conversation_id": Owned.DEPARTMENT,
    "customer_id": Owned.DEPARTMENT,
    "contact_id": Owned.DEPARTMENT,
    "asset_id": Owned.DEPARTMENT,
    "line_id": Owned.DEPARTMENT,
    "call_back_id": Owned.DEPARTMENT,
    "point_id": Owned.DEPARTMENT,
    "mark_id": Owned.DEPARTMENT,
    "case_id": Owned.DEPARTMENT,
    "task_id": Owned.DEPARTMENT,
    "approval_id": Owned.DEPARTMENT,
    "remedy_id": Owned.DEPARTMENT,
    "case_answer_id": Owned.DEPARTMENT,
    "promise_id": Owned.DEPARTMENT,
    "escalation_id": Owned.DEPARTMENT,
    "volume_id": Owned.DEPARTMENT,
    "letter_id": Owned.DEPARTMENT,
    "report_id": Owned.DEPARTMENT,
    "receipt_id": Owned.DEPARTMENT,
    "misconduct_id": Owned.DEPARTMENT,
    "incident_id": Owned.COMPANY,
    "staff_id": Owned.DEPARTMENT,
    "sign_in_id": Owned.PERSON,
    "phrase_id": Owned.PERSON,
    "notice_id": Owned.PERSON,
    "fault_id": Owned.PERSON,
    "export_id": Owned.PERSON,
    "queue_id": Owned.COMPANY,
    "site_id": Owned.COMPANY,
    "department_id": Owned.COMPANY,
    "role_id": Owned.COMPANY,
    "post_id": Owned.COMPANY,
    "message_id": Owned.COMPANY,
    "mailbox_id": Owned.COMPANY,
    "inbound_id": Owned.COMPANY,
    "outbound_id": Owned.COMPANY,
    "rule_id": Owned.COMPANY,
    "tag_id": Owned.COMPANY,
    "calendar_id": Owned.COMPANY,
    "kind_id": Owned.COMPANY,
    "taboo_id": Owned.COMPANY,
    "answer_id": Owned.COMPANY,
    "span_id": Owned.COMPANY,
    "day_id": Owned.COMPANY,
    "key_id": Owned.COMPANY,
    "report_rule_id": Owned.COMPANY,
    "entered_id": Owned.COMPANY,
    "document_id": Owned.COMPANY,
    "standard_id": Owned.COMPANY,
    "rule_code": Owned.PUBLIC,
    "site_key": Owned.PUBLIC,
    "link_token": Owned.PUBLIC,
}
# Whose a person's thing is where it is not the agent's.
OWNER_OF = {"export_id": "supervisor"}
# Parameters that are no thing, with a value that exists.
WORDS = {
    "token": "forged",
    "name": WORD,
    "action": "sign-out",
    "field": "name",
    "kind_code": "complaint",
    "verb": "accept",
    "task_verb": "receive",
    "promise_verb": "keep",
    "step_code": "hear",
    "case_kind_code": "complaint",
    "figure": "received",
    "kind_verb": "keep",
    "pack_code": "property",
    "section": "fields",
    "version_number": "1",
}
# Where a permission makes a person's thing everybody's who holds it.
SHARED_BY_PERMISSION = {
    "fault_id": "notices.handle_faults",
    "sign_in_id": "accounts.end_sessions",
}
# Colleagues are known to each other: the directory is the company's.
COMPANY_DIRECTORY = {
    "shouwen.accounts.views.people.group_card_of:staff_id",
    "shouwen_accounts_api_get_staff:staff_id",
}


@dataclass(frozen=True)
class Expected:
    """What may come back, and why."""

    refused: bool
    why: str


def holds(actor: Actor, permission: str) -> bool:
    """Whether the role has the permission, or one of several, from the start."""
    held = default_permissions(actor.role)
    return actor.role in ALL_POWERFUL or any(one in held for one in permission.split(" or "))


def expected(actor: Actor, address: Address, foreign: frozenset[str]) -> Expected:
    """Whether `actor` must be refused at `address` when `foreign` things are the other side's."""
    if address.access.kind == "open":
        return Expected(refused=False, why="open")
    if not actor.is_staff:
        return Expected(refused=True, why="not signed in")
    if address.access.kind == "permission" and not holds(actor, address.access.detail):
        return Expected(refused=True, why=f"lacks {address.access.detail}")
    for parameter in address.parameters:
        if why := _not_theirs(actor, address, parameter, is_foreign=parameter in foreign):
            return Expected(refused=True, why=why)
    return Expected(refused=False, why="may")


def _not_theirs(actor: Actor, address: Address, parameter: str, *, is_foreign: bool) -> str:
    owned = OWNED.get(parameter)
    if owned is Owned.PERSON:
        shared = SHARED_BY_PERMISSION.get(parameter, "")
        is_shared = bool(shared) and address.access.detail == shared
        is_owner = actor.role == OWNER_OF.get(parameter, "agent") and not is_foreign
        return "" if is_owner or is_shared else f"another person's {parameter}"
    if owned is not Owned.DEPARTMENT or actor.reach == Role.Reach.ALL:
        return ""
    if f"{address.name.rpartition(':')[2]}:{parameter}" in COMPANY_DIRECTORY:
        return ""
    if is_foreign:
        return f"{parameter} of the other department"
    return f"a colleague's {parameter}" if actor.reach == Role.Reach.OWN else ""


def sides_of(address: Address) -> list[frozenset[str]]:
    """Which parameters are the other side's: none, all, and each alone where there are several."""
    owned = [
        one for one in address.parameters if OWNED.get(one) in {Owned.DEPARTMENT, Owned.PERSON}
    ]
    chosen = [frozenset[str](), frozenset(owned)]
    if len(owned) > 1:
        chosen += [frozenset([one]) for one in owned]
    return list(dict.fromkeys(chosen))


def is_turned_away(actor: Actor, status: int, location: str) -> bool:
    """Whether an answer is a refusal for this actor."""
    if status in {401, 403, 404}:
        return True
    return not actor.is_staff and status == 302 and "/sign-in/" in location
