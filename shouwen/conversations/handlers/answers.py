"""Approved answers that were given are counted. (D578)"""

from shouwen.accounts.models import Staff
from shouwen.conversations.events import LinesPosted
from shouwen.conversations.models import Line
from shouwen.core.bus import When, handles
from shouwen.knowledge.operations import note_answers_used


def _has_answers(event: LinesPosted) -> bool:
    return any(line.answers for line in event.lines)


@handles(LinesPosted, when=When.AS_JOB, only=_has_answers)
def count_answers(event: LinesPosted) -> None:
    """Each approved answer a line was taken from is counted, once a line."""
    for one in event.lines:
        if not one.answers or one.author_id is None:
            continue
        at = Line.objects.values_list("at", flat=True).get(pk=one.line_id)
        note_answers_used(
            one.answers,
            conversation_id=one.conversation_id,
            by=Staff.objects.get(pk=one.author_id),
            at=at,
        )
