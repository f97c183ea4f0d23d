"""Live screens: lists and pages of cases fetch themselves anew when something changed."""

from shouwen.cases import events
from shouwen.cases.events import CaseEvent
from shouwen.core.bus import When, handles_together
from shouwen.core.live import Nudge, nudge_all

EVERYTHING = tuple(
    one
    for one in vars(events).values()
    if isinstance(one, type) and issubclass(one, CaseEvent) and one is not CaseEvent
)


@handles_together(*EVERYTHING, when=When.AFTER_COMMIT)
def show_changes(changes: list[CaseEvent]) -> None:
    """Whoever may see the cases sees them as they are now: their departments, handlers, first responders.

    Nobody looks at a case that has just been opened: only lists are told of those, once.
    """
    told = dict.fromkeys(
        Nudge(topic, "case", 0 if isinstance(one, events.CaseOpened) else one.case_id)
        for one in changes
        for topic in _hearers(one)
    )
    nudge_all(list(told))


def _hearers(change: CaseEvent) -> list[str]:
    people = dict.fromkeys([change.handler_id, change.first_responder_id])
    department = [f"department:{change.department_id}"] if change.department_id else []
    return [*department, *(f"staff:{pk}" for pk in people if pk)]
