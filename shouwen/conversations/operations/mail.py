"""Mail becomes conversation: many mails in one go, each in the thread it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.conversations.operations.lines import NewLine, post_lines
from shouwen.conversations.operations.opening import NewConversation, open_conversations
from shouwen.conversations.operations.serving import lock_all, reopen
from shouwen.conversations.queries.letters import queues_of_mailboxes
from shouwen.conversations.queries.visitors import default_queue
from shouwen.core.files import keep_files
from shouwen.core.models import StoredFile
from shouwen.customers.models import Customer
from shouwen.customers.operations import Person, find_or_create_customers
from shouwen.mailroom.carriers.email.message import ParsedMail
from shouwen.mailroom.models import Inbound, Outbound
from shouwen.mailroom.operations import Handled, mark_all_handled
from shouwen.mailroom.queries import Reading, answered_ids, read_inbound, threads_of

THREAD_KIND = "conversation"
QUOTED_LIMIT = 20_000
FILE_LIMIT = 100


@dataclass
class Letter:
    """A mail on its way into a conversation: one that is there, that of an earlier letter, or a new one."""

    inbound: Inbound
    mail: ParsedMail
    customer: Customer
    files: list[StoredFile]
    conversation: Conversation | None = None
    # The first letter of the same conversation, if both came together.
    follows: "Letter | None" = None

    @property
    def place(self) -> Conversation:
        """The conversation in which it stands; all of them are open by now."""
        conversation = (self.follows or self).conversation
        if conversation is None:
            raise LookupError(self.inbound.pk)
        return conversation


def take_in_mail_conversation(inbound: Inbound, *, by: Staff, at: datetime) -> Conversation:
    """The mail stands in its conversation; as for many at once."""
    return take_in_mail_conversations([inbound], by=by, at=at)[0]


@transaction.atomic
def take_in_mail_conversations(
    inbounds: Sequence[Inbound], *, by: Staff, at: datetime
) -> list[Conversation]:
    """Each mail stands in its conversation: the one it answers, or a new one of its writer's.

    Threads are found by what we signed and by the ledgers, never by subject, and only for people
    of the thread; an answer may come together with what it answers. A closed conversation is opened
    again. The ledger rows are handled in the same transaction, so a mail is in its conversation
    exactly once. (FIELD b7)
    """
    letters = _letters(inbounds, by)
    _find_threads(letters)
    _open_missing(letters, at)
    for closed in {one.place.pk: one.place for one in letters if one.place.is_closed}.values():
        reopen(closed, by=by, at=at)
    for posted in post_lines([_line_of(letter) for letter in letters], at=at):
        posted.kept()
    mark_all_handled([Handled(one.inbound.pk, THREAD_KIND, one.place.pk) for one in letters], by=by)
    return [letter.place for letter in letters]


def _letters(inbounds: Sequence[Inbound], by: Staff) -> list[Letter]:
    mails = [read_inbound(inbound) for inbound in inbounds]
    files = _kept_files(mails)
    people = [_person(mail) for mail in mails]
    writers = find_or_create_customers(people, source=Customer.Source.MAIL, by=by)
    return [Letter(*parts) for parts in zip(inbounds, mails, writers, files, strict=True)]


def _kept_files(mails: list[ParsedMail]) -> list[list[StoredFile]]:
    found = [
        [
            (one.file_name or _("unnamed"), one.content)
            for one in mail.attachments[:FILE_LIMIT]
            if one.content
        ]
        for mail in mails
    ]
    kept = iter(keep_files([one for group in found for one in group]))
    return [[next(kept) for _one in group] for group in found]


def _person(mail: ParsedMail) -> Person:
    return Person(
        contacts=[("mail", mail.from_address)] if mail.from_address else [],
        name=mail.from_name,
        alias=mail.from_address or _("Unknown sender"),
    )


def _find_threads(letters: list[Letter]) -> None:
    """Each letter has the conversation it answers, or follows an earlier letter of this group."""
    refs = threads_of([Reading(one.inbound, one.mail) for one in letters])
    ids = [ref.id if ref and ref.kind == THREAD_KIND else 0 for ref in refs]
    known = lock_all(set(ids) - {0})
    people = _people_of(known)
    seen: dict[tuple[int | None, str], Letter] = {}
    for letter, ref, id_ in zip(letters, refs, ids, strict=True):
        place = known.get(id_)
        if place and _belongs(letter, place, people[place.pk]):
            letter.conversation = place
        if ref is None or ref.how == "ledger":
            letter.follows = _followed(letter, seen)
        if letter.inbound.message_id:
            seen[letter.inbound.mailbox_id, letter.inbound.message_id] = letter


def _people_of(conversations: dict[int, Conversation]) -> dict[int, set[str]]:
    """Everybody to whom a mail of each conversation went."""
    people: dict[int, set[str]] = {pk: set() for pk in conversations}
    sent = Outbound.objects.filter(subject_kind=THREAD_KIND, subject_id__in=conversations)
    for pk, recipients in sent.values_list("subject_id", "recipients"):
        people[pk or 0] |= {address.lower() for address in recipients}
    return people


def _belongs(letter: Letter, conversation: Conversation, people: set[str]) -> bool:
    """Whether the writer is one of the thread's people: its customer, or somebody a mail went to."""
    if conversation.customer_id == letter.customer.pk:
        return True
    return letter.mail.from_address.lower() in people


def _followed(letter: Letter, seen: dict[tuple[int | None, str], Letter]) -> Letter | None:
    """The newest letter of this group that it answers, of the same writer."""
    found = [
        one
        for id_ in answered_ids(letter.mail)
        if (one := seen.get((letter.inbound.mailbox_id, id_)))
        and one.customer.pk == letter.customer.pk
    ]
    newest = max(found, key=lambda one: one.inbound.pk, default=None)
    return newest and (newest.follows or newest)


def _open_missing(letters: list[Letter], at: datetime) -> None:
    new = [one for one in letters if one.conversation is None and one.follows is None]
    if not new:
        return
    queues = queues_of_mailboxes({one.inbound.mailbox for one in new if one.inbound.mailbox})
    otherwise = default_queue()
    drafts = [_draft(one, queues.get(one.inbound.mailbox_id, otherwise)) for one in new]
    for letter, conversation in zip(new, open_conversations(drafts, at=at), strict=True):
        letter.conversation = conversation


def _draft(letter: Letter, queue: Queue) -> NewConversation:
    subject = letter.mail.subject[:300] or _("(no subject)")
    return NewConversation(
        customer=letter.customer,
        queue=queue,
        channel=Conversation.Channel.MAIL,
        more={"subject": subject, "mailbox": letter.inbound.mailbox},
    )


def _line_of(letter: Letter) -> NewLine:
    mail, customer = letter.mail, letter.customer
    new_words = mail.reply.strip() or mail.text.strip()
    return NewLine(
        conversation_id=letter.place.pk,
        kind=Line.Kind.CUSTOMER,
        text=new_words or ("" if letter.files else _("(empty mail)")),
        author_name=mail.from_name or mail.from_address or customer.display_name,
        file_ids=tuple(one.pk for one in letter.files),
        meta={
            "inbound_id": letter.inbound.pk,
            "subject": mail.subject[:300],
            "from": mail.from_address,
            "message_id": mail.message_id,
            "references": [*mail.references, mail.message_id][-20:],
            "folded": mail.folded[:QUOTED_LIMIT],
            "signature": mail.signature[:2000],
            "automatic": mail.automatic.kind.value if mail.automatic else "",
        },
    )
