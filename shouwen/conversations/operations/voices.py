"""The report of needs and opinions is sent at the end of each shift. (D019, D297)"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.models import Staff
from shouwen.conversations.models import ReportSpan
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.voices import Span, counted, spans_ended, voices
from shouwen.core.clock import local_day
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff
from shouwen.notices.queries import staff_who_may

VOICES = register_kind(
    "conversations.voices", gettext_lazy("Needs and opinions heard in a shift"), by_mail=False
)
# A worker that was down at the end of a shift still sends its report this much later.
LATE_MOST = timedelta(hours=2)


@transaction.atomic
def send_voice_reports(*, at: datetime, by: Staff) -> int:
    """Who leads has the report of every shift that ended, once; how many were sent.

    Each counts what he may read; where nothing was heard, nothing is sent.
    """
    return sum(_send(row, span, at=at, by=by) for row, span in spans_ended(at=at, within=LATE_MOST))


def _send(row: ReportSpan, span: Span, *, at: datetime, by: Staff) -> int:
    sent = 0
    day = local_day(span.start).isoformat()
    for leader in staff_who_may(ConversationPermission.SUPERVISE):
        counts = [one for one in counted(voices(leader, span)) if one.count]
        if not counts:
            continue
        heard = _(", ").join(f"{one.label} {one.count}" for one in counts)
        message = Message(
            kind=VOICES.code,
            text=_("%(span)s %(day)s: %(heard)s") % {"span": span.name, "day": day, "heard": heard},
            url=f"/workspace/voices/?day={day}&span={row.pk}",
            key=f"voices:{row.pk}:{day}",
        )
        sent += len(notify_staff([leader.pk], message=message, at=at, by=by))
    return sent
