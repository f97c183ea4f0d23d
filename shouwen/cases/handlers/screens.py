"""Live screens: lists and pages of cases fetch themselves anew when something changed."""

from shouwen.cases import events
from shouwen.cases.events import CaseEvent
from shouwen.core.bus import When, handles
from shouwen.core.live import Nudge, nudge_all

EVERYTHING = tuple(
    one
    for one in vars(events).values()
    if isinstance(one, type) and issubclass(one, CaseEvent) and one is not CaseEvent
)


@handles(*EVERYTHING, when=When.AFTER_COMMIT)
def show_change(event: CaseEvent) -> None:
    """Everybody who looks at the case, or at a list, sees it as it is now."""
    nudge_all(
        [
            Nudge(f"case:{event.case_id}", "changed", event.case_id),
            Nudge("board:cases", "changed", event.case_id),
        ]
    )
