"""What was just written, as it goes to the screens of the process that wrote it: nothing is read again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.queries.lines import Changes, Json, counters_of, lines_json, standing_of


@dataclass
class Written:
    """The new lines of one conversation, in order, and the conversation as they left it."""

    conversation: Conversation
    lines: list[Line]
    _shown: dict[bool, list[Json]] = field(default_factory=dict)

    @property
    def before_rev(self) -> int:
        """The last change before these."""
        return self.lines[0].rev - 1

    @property
    def rev(self) -> int:
        """The last of these changes."""
        return self.lines[-1].rev

    def shown(self, *, for_staff: bool) -> list[Json]:
        """The lines as this audience sees them."""
        if for_staff not in self._shown:
            seen = [one for one in self.lines if for_staff or one.kind != Line.Kind.NOTE]
            self._shown[for_staff] = lines_json(seen, for_staff=for_staff)
        return self._shown[for_staff]


def written_together(lines: Iterable[Line]) -> list[Written]:
    """New lines by conversation; each must have come with its conversation, locked and counted."""
    by_conversation: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_conversation[line.conversation_id].append(line)
    return [Written(some[0].conversation, some) for some in by_conversation.values()]


def changes_written(written: Written, seen: Changes, *, for_staff: bool) -> Changes | None:
    """What a screen gets that had seen all before these lines; None if only the database can tell.

    That is so for files, for places in the queue, and when somebody else serves than it shows.
    """
    conversation = written.conversation
    has_place = not for_staff and conversation.state == Conversation.State.QUEUED
    if has_place or standing_of(conversation) != seen.standing:
        return None
    if any(line.has_files for line in written.lines):
        return None
    state = seen.state | counters_of(conversation, for_staff=for_staff)
    return Changes(written.shown(for_staff=for_staff), written.rev, state, seen.standing)
