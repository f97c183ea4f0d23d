"""Times promised besides the stages, as the page of a case shows them."""

from dataclasses import dataclass

from shouwen.cases.models import Case
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.queries import deadlines_of

SUBJECT = "case_response"


@dataclass(frozen=True)
class ShownResponse:
    """A promised time: what must have happened, until when, and when it did."""

    name: str
    clock: Deadline


def responses_of(case: Case) -> list[ShownResponse]:
    """Those of this case, by due time. No query for a kind that promises none."""
    defined = case.kind.defined
    if not defined.responses:
        return []
    clocks = deadlines_of(SUBJECT, case.pk).filter(cancelled_at=None).order_by("due_at")
    named = ((defined.field(clock.kind), clock) for clock in clocks)
    return [ShownResponse(field.name if field else clock.kind, clock) for field, clock in named]
