"""When many come at once: whoever leads is told, once an hour and queue. (D148)"""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import ConversationOpened
from shouwen.conversations.models import Queue
from shouwen.conversations.queries.board import came_within_the_hour, supervisors_of
from shouwen.core.bus import When, handles_together
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

SURGE = register_kind("conversations.surge", gettext_lazy("Many customers come at once"))


@handles_together(ConversationOpened, when=When.AS_JOB)
def alarm_of_a_surge(events: Sequence[ConversationOpened]) -> None:
    """Supervisors in reach learn that more came within the hour than a queue is made for."""
    at = timezone.now()
    places = {event.queue_id for event in events}
    for queue in Queue.objects.filter(pk__in=places, surge_per_hour__gt=0).order_by("pk"):
        _tell_of_surge(queue, at)


def _tell_of_surge(queue: Queue, at: datetime) -> None:
    came = came_within_the_hour(queue, at=at)
    if came < queue.surge_per_hour:
        return
    words = _("%(queue)s: %(came)d contacts in the last hour. The board lists whom to call in.")
    notify_staff(
        supervisors_of(queue),
        message=Message(
            kind=SURGE.code,
            text=words % {"queue": queue.name, "came": came},
            url=reverse("conversations:board"),
            subject_kind="queue",
            subject_id=queue.pk,
            key=f"surge:{queue.pk}:{at:%Y%m%d%H}",
        ),
        at=at,
        by=system_staff(),
    )
