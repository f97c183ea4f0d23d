"""What is archived goes on the shelf in the same moment."""

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.cases.events import CaseArchived
from shouwen.cases.models import Case
from shouwen.cases.operations.filing import file_volume
from shouwen.core.bus import When, handles
from shouwen.core.clock import now


@handles(CaseArchived, when=When.IN_TRANSACTION)
def keep_volume(event: CaseArchived) -> None:
    """The case as it is now is kept: no archive without its volume."""
    by = Staff.objects.filter(pk=event.by_id).first() or system_staff()
    closed_at = Case.objects.values_list("closed_at", flat=True).get(pk=event.case_id)
    file_volume(event.case_id, by=by, at=closed_at or now())
