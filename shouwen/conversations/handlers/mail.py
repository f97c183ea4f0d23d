"""Mail in and out: what arrives becomes conversation, what agents write becomes mail."""

from collections.abc import Sequence

from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import LinesPosted, PostedLine
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.answers import (
    note_delivery,
    note_not_sent,
    send_line_as_mail,
)
from shouwen.conversations.operations.mail import THREAD_KIND, take_in_mail_conversations
from shouwen.conversations.queries.lines import answers_not_yet_mail
from shouwen.core.bus import When, handles, handles_together
from shouwen.core.errors import Refused
from shouwen.core.live import Nudge, nudge_all
from shouwen.mailroom.events import (
    BounceArrived,
    MailArrived,
    OutboundEvent,
    OutboundFailed,
    OutboundGivenUp,
    OutboundHandedOver,
    OutboundPostponed,
    OutboundQueued,
)
from shouwen.mailroom.models import Inbound


@handles_together(MailArrived, when=When.IN_TRANSACTION)
def make_conversations(events: Sequence[MailArrived]) -> None:
    """Mails become part of conversations; one that breaks this is quarantined in the end, alone."""
    ids = [event.inbound_id for event in events]
    waiting = Inbound.objects.waiting().filter(pk__in=ids).order_by("pk")
    inbounds = list(waiting.prefetch_related("mailbox"))
    take_in_mail_conversations(inbounds, by=system_staff(), at=timezone.now())


def _is_mail_answer(line: PostedLine) -> bool:
    return line.kind == Line.Kind.AGENT and line.channel == Conversation.Channel.MAIL


def _has_mail_answer(event: LinesPosted) -> bool:
    return any(_is_mail_answer(line) for line in event.lines)


@handles(LinesPosted, when=When.AS_JOB, only=_has_mail_answer)
def send_answers(event: LinesPosted) -> None:
    """An agent's line in a mail conversation goes out as mail, once.

    After those before it: their job may be with a worker that died, and is done again only later.
    """
    for line in filter(_is_mail_answer, event.lines):
        for line_id in answers_not_yet_mail(line.conversation_id, up_to=line.seq):
            _send(line_id)
        nudge_all([Nudge(f"conversation:{line.conversation_id}", "changed", line.conversation_id)])


def _send(line_id: int) -> None:
    try:
        send_line_as_mail(line_id, by=system_staff())
    except Refused as refusal:
        note_not_sent(line_id, reason=str(refusal))


STATES = {
    OutboundQueued: "queued",
    OutboundPostponed: "postponed",
    OutboundHandedOver: "handed_over",
    OutboundFailed: "failed",
    OutboundGivenUp: "given_up",
    BounceArrived: "returned",
}


@handles(
    OutboundPostponed,
    OutboundHandedOver,
    OutboundFailed,
    OutboundGivenUp,
    BounceArrived,
    when=When.IN_TRANSACTION,
)
def write_delivery_on_the_line(event: OutboundEvent) -> None:
    """The line says how its mail fares."""
    if event.subject_kind != THREAD_KIND:
        return
    if isinstance(event, BounceArrived):
        if event.is_permanent:
            note_delivery(event.outbound_id, state="returned", error=event.status)
        return
    note_delivery(
        event.outbound_id, state=STATES[type(event)], error=str(getattr(event, "error", ""))
    )


@handles(
    OutboundPostponed,
    OutboundHandedOver,
    OutboundFailed,
    OutboundGivenUp,
    BounceArrived,
    when=When.AFTER_COMMIT,
)
def show_delivery(event: OutboundEvent) -> None:
    """The screen shows it."""
    if event.subject_kind == THREAD_KIND and event.subject_id:
        nudge_all([Nudge(f"conversation:{event.subject_id}", "changed", event.subject_id)])
