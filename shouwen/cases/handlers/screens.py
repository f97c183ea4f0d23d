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
    """Everybody who looks at the cases, or at a list, sees them as they are now.

    Nobody looks at a case that has just been opened.
    """
    looked_at = {one.case_id for one in changes if not isinstance(one, events.CaseOpened)}
    pages = [Nudge(f"case:{case_id}", "changed", case_id) for case_id in sorted(looked_at)]
    nudge_all([Nudge("board:cases", "changed"), *pages])
