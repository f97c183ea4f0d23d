"""Live reactions: screens and sockets hear of presence, sign-outs and changed rights."""

from shouwen.accounts.events import (
    PresenceChanged,
    RoleChanged,
    SignedOut,
    StaffChanged,
    StaffDeactivated,
)
from shouwen.accounts.models import Staff
from shouwen.core.bus import When, handles
from shouwen.core.live import Nudge, nudge, nudge_all

PRESENCE_BOARD = "board:presence"


@handles(PresenceChanged, when=When.AFTER_COMMIT)
def show_presence(event: PresenceChanged) -> None:
    """Boards and the person's own screens show the new state."""
    nudge_all(
        [
            Nudge(PRESENCE_BOARD, "presence", event.staff_id),
            Nudge(f"staff:{event.staff_id}", "presence", event.staff_id),
        ]
    )


@handles(SignedOut, when=When.AFTER_COMMIT)
def close_sockets(event: SignedOut) -> None:
    """The person's sockets look whether their session still lives."""
    nudge(f"staff:{event.staff_id}", "signed_out", event.staff_id)


@handles(StaffDeactivated, when=When.AFTER_COMMIT)
def close_sockets_of_leaver(event: StaffDeactivated) -> None:
    """A leaver's sockets close."""
    nudge(f"staff:{event.staff_id}", "signed_out", event.staff_id)


@handles(StaffChanged, when=When.AFTER_COMMIT)
def show_changed_rights(event: StaffChanged) -> None:
    """Open screens of a person whose roles changed fetch again."""
    nudge(f"staff:{event.staff_id}", "rights", event.staff_id)


@handles(RoleChanged, when=When.AFTER_COMMIT)
def show_changed_role(event: RoleChanged) -> None:
    """Open screens of everybody who holds the role fetch again."""
    holders = Staff.objects.active().filter(roles=event.role_id).values_list("pk", flat=True)
    nudge_all(Nudge(f"staff:{pk}", "rights", pk) for pk in holders)
