"""Mail becomes conversation, and answers become mail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.conversations.letters import letter
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.operations.serving import lock, reopen
from shouwen.conversations.operations.visitors import open_conversation
from shouwen.conversations.queries.letters import frame_of, queue_of_mailbox
from shouwen.conversations.queries.visitors import default_queue
from shouwen.core.errors import Refused
from shouwen.core.files import keep_file, read_raw
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.operations import find_or_create_customer
from shouwen.mailroom.carriers.email.compose import MailFile
from shouwen.mailroom.carriers.email.message import ParsedMail
from shouwen.mailroom.models import Inbound, Outbound
from shouwen.mailroom.operations import mark_handled, queue_mail
from shouwen.mailroom.operations.outgoing import MailDraft
from shouwen.mailroom.queries import read_inbound, thread_of

THREAD_KIND = "conversation"
LINE_KEY = "line"
QUOTED_LIMIT = 20_000
FILE_LIMIT = 100


@transaction.atomic
def take_in_mail_conversation(inbound: Inbound, *, by: Staff, at: datetime) -> Conversation:
    """The mail stands in its conversation: the one it answers, or a new one of its writer's.

    Threads are found by what we signed and by the ledgers, never by subject, and only for people
    of the thread; a closed conversation is opened again. The ledger row is handled in the same
    transaction, so a mail is in the conversation exactly once. (FIELD b7)
    """
    mail = read_inbound(inbound)
    customer = _writer(mail, by)
    conversation = _thread(mail, inbound, customer)
    if conversation is None:
        conversation = _open(mail, inbound, customer, at)
    elif conversation.is_closed:
        reopen(conversation, by=by, at=at)
    post_line(_line_of(mail, inbound, conversation, customer), at=at)
    mark_handled(inbound.pk, as_kind=THREAD_KIND, as_id=conversation.pk, by=by)
    return conversation


def _writer(mail: ParsedMail, by: Staff) -> Customer:
    contacts = [("mail", mail.from_address)] if mail.from_address else []
    return find_or_create_customer(
        contacts=contacts,
        name=mail.from_name,
        alias=mail.from_address or _("Unknown sender"),
        source=Customer.Source.MAIL,
        by=by,
    )


def _thread(mail: ParsedMail, inbound: Inbound, customer: Customer) -> Conversation | None:
    ref = thread_of(mail, mailbox_id=inbound.mailbox_id)
    if ref is None or ref.kind != THREAD_KIND:
        return None
    if not Conversation.objects.filter(pk=ref.id).exists():
        return None
    conversation = lock(ref.id)
    return conversation if _belongs(conversation, mail, customer) else None


def _belongs(conversation: Conversation, mail: ParsedMail, customer: Customer) -> bool:
    """Whether the writer is one of the thread's people: its customer, or somebody a mail went to."""
    if conversation.customer_id == customer.pk:
        return True
    sent = Outbound.objects.about(THREAD_KIND, conversation.pk).values_list("recipients", flat=True)
    people = {address.lower() for recipients in sent for address in recipients}
    return mail.from_address.lower() in people


def _open(mail: ParsedMail, inbound: Inbound, customer: Customer, at: datetime) -> Conversation:
    mailbox = inbound.mailbox
    queue = default_queue()
    own = queue_of_mailbox(mailbox) if mailbox else None
    if own:
        queue = own
    elif mailbox and mailbox.department_id:
        queue = (
            Queue.objects.filter(department=mailbox.department_id, is_active=True).first() or queue
        )
    return open_conversation(
        customer=customer,
        queue=queue,
        channel=Conversation.Channel.MAIL,
        subject=mail.subject[:300] or _("(no subject)"),
        mailbox=mailbox,
        at=at,
    )


def _line_of(
    mail: ParsedMail, inbound: Inbound, conversation: Conversation, customer: Customer
) -> NewLine:
    files = [
        keep_file(one.file_name or _("unnamed"), one.content)
        for one in mail.attachments[:FILE_LIMIT]
        if one.content
    ]
    new_words = mail.reply.strip() or mail.text.strip()
    return NewLine(
        conversation_id=conversation.pk,
        kind=Line.Kind.CUSTOMER,
        text=new_words or ("" if files else _("(empty mail)")),
        author_name=mail.from_name or mail.from_address or customer.display_name,
        file_ids=tuple(one.pk for one in files),
        meta={
            "inbound_id": inbound.pk,
            "subject": mail.subject[:300],
            "from": mail.from_address,
            "message_id": mail.message_id,
            "references": [*mail.references, mail.message_id][-20:],
            "folded": mail.folded[:QUOTED_LIMIT],
            "signature": mail.signature[:2000],
            "automatic": mail.automatic.kind.value if mail.automatic else "",
        },
    )


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
