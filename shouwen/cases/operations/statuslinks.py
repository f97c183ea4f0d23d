"""Links by which customers see their cases."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.cases.events import StatusLinkMade
from shouwen.cases.models import Case, StatusLink
from shouwen.cases.operations.rows import announce, lock_case, require_hand_on
from shouwen.cases.statuslinks import new_ref


@transaction.atomic
def make_link(
    case: Case, *, mail: str = "", submission: UUID | None = None, at: datetime
) -> StatusLink:
    """The case has its one link; made when missing."""
    link, is_new = StatusLink.objects.get_or_create(
        case=case,
        defaults={
            "ref": new_ref(),
            "mail": mail,
            "submission": submission,
            "consented_at": at if submission else None,
            "made_at": at,
        },
    )
    if is_new:
        announce(StatusLinkMade, case, by=None, is_anew=False)
    return link


@transaction.atomic
def give_link(case_id: int, *, by: Staff, at: datetime, is_anew: bool = False) -> StatusLink:
    """The link to hand to the customer; anew, and the one before opens nothing any more."""
    case = lock_case(case_id)
    require_hand_on(case, by)
    link = make_link(case, at=at)
    if is_anew:
        link.ref, link.made_at = new_ref(), at
        link.save(update_fields=["ref", "made_at"])
        announce(StatusLinkMade, case, by=by, is_anew=True)
    return link
