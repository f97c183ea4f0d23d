"""Answers become mail: what an agent writes leaves once, in its thread, and its fate stands on the line."""

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.conversations.letters import letter
from shouwen.conversations.models import Line
from shouwen.conversations.operations.mail import THREAD_KIND
from shouwen.conversations.operations.serving import lock
from shouwen.conversations.queries.letters import frame_of
from shouwen.core.errors import Refused
from shouwen.core.files import read_raw
from shouwen.customers.models import ContactPoint, Customer
from shouwen.mailroom.carriers.email.compose import MailFile
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import queue_mail
from shouwen.mailroom.operations.outgoing import MailDraft

LINE_KEY = "line"
QUOTED_LIMIT = 20_000


@transaction.atomic
def send_line_as_mail(line_id: int, *, by: Staff) -> Outbound:
    """An agent's line in a mail conversation is on its way: on the ledger, once, in its thread.

    Refuses when the customer has no mail address or no mailbox can send.
    """
    line = Line.objects.select_related(
        "author", "conversation__mailbox", "conversation__customer"
    ).get(pk=line_id)
    conversation = line.conversation
    last = (
        conversation.lines.filter(kind=Line.Kind.CUSTOMER, meta__has_key="message_id")
        .order_by("-seq")
        .first()
    )
    meta = last.meta if last else {}
    draft = MailDraft(
        key=f"{LINE_KEY}:{line.pk}",
        to=[str(meta.get("from") or _address_of(conversation.customer))],
        subject=_answer_subject(conversation.subject),
        text=_with_quote(_framed(line), last),
        files=[
            MailFile(one.name, read_raw(one.key), one.content_type)
            for one in line.files.order_by("pk")
        ],
        in_reply_to=str(meta.get("message_id", "")),
        references=[str(one) for one in meta.get("references", [])],
        subject_kind=THREAD_KIND,
        subject_id=conversation.pk,
    )
    outbound = queue_mail(draft, mailbox=conversation.mailbox, by=by)
    line.meta = {**line.meta, "outbound_id": outbound.pk, "delivery": outbound.state}
    line.save(update_fields=["meta"])
    return outbound


def _address_of(customer: Customer) -> str:
    point = (
        ContactPoint.objects.filter(customer=customer, kind="mail")
        .order_by("-is_primary", "pk")
        .first()
    )
    if point is None:
        raise Refused(_("This customer has no mail address."))
    return point.value


def _answer_subject(subject: str) -> str:
    return subject if subject.lower().startswith(("re:", "回复")) else f"Re: {subject}"


def _framed(line: Line) -> str:
    """The answer as a letter: addressed, and signed. (D109)"""
    frame = frame_of(line.conversation, line.author, at=line.at)
    return letter(line.text, opening=frame.opening, closing=frame.closing)


def _with_quote(text: str, last: Line | None) -> str:
    """The answer, with what it answers below it, as people expect of mail."""
    if last is None:
        return text
    head = _("On %(at)s, %(name)s wrote:") % {
        "at": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M"),
        "name": last.author_name,
    }
    quoted = "\n".join(f"> {row}" for row in strip_tags(last.text)[:QUOTED_LIMIT].splitlines())
    return f"{text}\n\n{head}\n{quoted}\n"


@transaction.atomic
def note_not_sent(line_id: int, *, reason: str) -> None:
    """The line shows that it could not become a mail, and why."""
    line = Line.objects.defer("search").get(pk=line_id)
    _note(line, state="failed", error=reason)


@transaction.atomic
def note_delivery(outbound_id: int, *, state: str, error: str = "") -> Line | None:
    """The line shows how its mail fares: queued, handed over, failed with the reason, returned."""
    key = Outbound.objects.values_list("idempotency_key", flat=True).get(pk=outbound_id)
    kind, _colon, number = key.partition(":")
    if kind != LINE_KEY or not number.isdigit():
        return None
    line = Line.objects.defer("search").get(pk=int(number))
    _note(line, state=state, error=error)
    return line


def _note(line: Line, *, state: str, error: str) -> None:
    conversation = lock(line.conversation_id)
    conversation.last_rev += 1
    line.rev = conversation.last_rev
    line.meta = {**line.meta, "delivery": state, "delivery_error": error[:500]}
    line.save(update_fields=["meta", "rev"])
    conversation.save(update_fields=["last_rev"])
