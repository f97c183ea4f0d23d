"""Letters received: each in the book, each before the leader."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import LetterEntered, LetterRead
from shouwen.cases.models import Case, ReceivedLetter
from shouwen.cases.operations.rows import announce, lock_case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.people import holder_of_role
from shouwen.core.errors import NotPermitted
from shouwen.core.numbering import next_number

PREFIX = "SW"
LEADERS = ("deputy_general_manager", "general_manager", "service_manager", "supervisor")


@transaction.atomic
def enter_letter(case_id: int, *, by: Staff, at: datetime) -> ReceivedLetter:
    """The letter stands in the book with a number of its own and is put before the leader. (D679)

    That is the top of the kind's ladder, else the nearest who leads the company.
    """
    case = lock_case(case_id)
    letter, is_new = ReceivedLetter.objects.get_or_create(
        case=case,
        defaults={
            "number": next_number(PREFIX, at=at),
            "received_at": case.opened_at,
            "by": by,
            "reported_to": leader_for(case),
        },
    )
    if is_new:
        announce(LetterEntered, case, by=by, letter_id=letter.pk, to_id=letter.reported_to_id)
    return letter


def leader_for(case: Case) -> Staff | None:
    """Who leads the company where this case belongs; never whom it complains about."""
    ladder = case.kind.defined.ladder_for(is_urgent=case.is_urgent)
    but_not = frozenset({case.accused_id or 0})
    for role in (*(rung.role for rung in reversed(ladder)), *LEADERS):
        if holder := holder_of_role(role, near=case.department, but_not=but_not):
            return holder
    return None


@transaction.atomic
def read_letter(
    letter_id: int, *, instruction: str = "", by: Staff, at: datetime
) -> ReceivedLetter:
    """The leader has read it, with his instruction. Refuses others, but for who directs cases."""
    letter = ReceivedLetter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    if by.pk != letter.reported_to_id and not by.may(CasePermission.DIRECT):
        raise NotPermitted(_("This letter was put before somebody else."))
    letter.read_at = letter.read_at or at
    letter.instruction = instruction.strip()[:500]
    letter.save(update_fields=["read_at", "instruction"])
    announce(LetterRead, letter.case, by=by, letter_id=letter.pk, instruction=letter.instruction)
    return letter
