"""The book of letters received, as somebody may read it."""

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.cases.models import ReceivedLetter
from shouwen.cases.queries.cases import visible_cases


def visible_letters(staff: Staff) -> QuerySet[ReceivedLetter]:
    """Letters whose case this person may read, and those put before him; not about himself."""
    mine = Q(reported_to=staff) | Q(case__in=visible_cases(staff))
    return (
        ReceivedLetter.objects.filter(mine)
        .exclude(case__accused=staff)
        .select_related("case__kind", "case__customer", "by", "reported_to")
    )
