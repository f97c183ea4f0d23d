"""Timers of rule documents."""

from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.core.clock import local_day
from shouwen.core.jobs import every
from shouwen.quality.operations.rules import announce_review
from shouwen.quality.queries.rules import due_for_review


@every("10 * * * *")
def announce_reviews() -> None:
    """Documents whose day has come are announced, once a due day."""
    today, system = local_day(timezone.now()), system_staff()
    for document in due_for_review(on=today).filter(review_told_on__isnull=True):
        announce_review(document.pk, on=today, by=system)
