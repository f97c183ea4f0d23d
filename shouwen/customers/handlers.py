"""Live: cards of a customer on other screens redraw when the file changes."""

from shouwen.core.bus import When, handles
from shouwen.core.live import nudge
from shouwen.customers import events

BOARD = "board:customers"


@handles(
    events.AssetAdded,
    events.AssetChanged,
    events.AssetRemoved,
    events.ContactPointAdded,
    events.ContactPointMadePrimary,
    events.ContactPointRemoved,
    events.CustomerAssigned,
    events.CustomerBefriended,
    events.CustomerFlagged,
    events.CustomerRenamed,
    events.CustomerTagged,
    events.CustomerUntagged,
    events.QualityChanged,
    events.RemarksChanged,
    when=When.AFTER_COMMIT,
)
def redraw_cards(event: events.CustomerEvent) -> None:
    """Every screen that shows this customer fetches the card again."""
    nudge(BOARD, "changed", event.customer_id)
