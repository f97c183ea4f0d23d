"""Contacts that staff write down: calls, visits, letters, short messages, posts found on the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.models import Conversation, Line, Queue
from shouwen.conversations.operations.clocks import drop_reply_clock
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.operations.log import ask_customer
from shouwen.conversations.operations.opening import open_conversation
from shouwen.conversations.operations.serving import SERVING_FIELDS, give_to
from shouwen.conversations.operations.tasks import owe_call_back
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.clocks import has_reply_clock
from shouwen.core.errors import Refused
from shouwen.core.numbering import next_number
from shouwen.customers.models import Customer
from shouwen.customers.operations import find_or_create_customer

Channel = Conversation.Channel
WRITTEN_DOWN = {
    Channel.PHONE,
    Channel.WALK_IN,
    Channel.LETTER,
    Channel.SMS,
    Channel.PLATFORM,
    Channel.WEB_POST,
}


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What is written down of a contact: who, how, what he wanted, how it ended for now."""

    channel: str
    words: str
    outcome: str
    name: str = ""
    phone: str = ""
    mail: str = ""
    account: str = ""
    platform: str = ""
    direction: str = Conversation.Direction.INBOUND
    answer: str = ""
    file_ids: tuple[int, ...] = ()
    call_back_at: datetime | None = None
    continues_id: int | None = None
    answer_ids: tuple[int, ...] = ()
    kind: str = ""
    questions: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def record_contact(
    contact: Contact, *, by: Staff, at: datetime, queue: Queue, customer: Customer | None = None
) -> Conversation:
    """The contact is in the one queue like every other, with its writer as first responder.

    A letter gets a receipt number (SW-...). A missed one, or one to call back, leaves a call back.
    Refuses without words, without a way to know the customer, and channels that come in by
    themselves. (D025, D132, D154, D200, D272, D428)
    """
    require(by, ConversationPermission.RECORD)
    if contact.channel not in WRITTEN_DOWN:
        raise Refused(_("This channel comes in by itself and is not written down by hand."))
    if not contact.words.strip():
        raise Refused(_("Please write down what the customer wanted."))
    customer = customer or _customer(contact, by)
    receipt = next_number("SW", at=at) if contact.channel == Channel.LETTER else ""
    conversation = open_conversation(
        customer=customer,
        queue=queue,
        channel=contact.channel,
        at=at,
        direction=contact.direction,
        receipt_number=receipt,
        continues_id=contact.continues_id,
    )
    _write(conversation, contact, by=by, at=at)
    if contact.kind:
        ask_customer(conversation.pk, kind=contact.kind, answers=contact.questions, by=by)
    return _settle(conversation.pk, contact, by=by, at=at)


def _customer(contact: Contact, by: Staff) -> Customer:
    contacts = [("phone", contact.phone), ("mail", contact.mail)]
    contacts.append((f"im:{contact.platform or 'other'}", contact.account))
    given = [(kind, value.strip()) for kind, value in contacts if value.strip()]
    if not given and not contact.name.strip():
        raise Refused(_("Please give a name, a phone number or an account."))
    return find_or_create_customer(
        contacts=given, name=contact.name.strip(), source=Customer.Source.STAFF, by=by
    )


def _write(conversation: Conversation, contact: Contact, *, by: Staff, at: datetime) -> None:
    give_to(conversation, by, how="recorded", at=at)
    words = NewLine(
        conversation_id=conversation.pk,
        kind=Line.Kind.CUSTOMER,
        text=contact.words.strip(),
        author_name=conversation.customer.display_name,
        file_ids=contact.file_ids,
        meta={"recorded_by": by.pk},
    )
    post_line(words, at=at)
    if contact.answer.strip():
        answer = NewLine(
            conversation_id=conversation.pk,
            kind=Line.Kind.AGENT,
            text=contact.answer.strip(),
            by=by,
            meta={"answers": list(contact.answer_ids)} if contact.answer_ids else {},
        )
        post_line(answer, at=at)


def _settle(conversation_id: int, contact: Contact, *, by: Staff, at: datetime) -> Conversation:
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)
    outcome = Conversation.Outcome(contact.outcome)
    conversation.outcome = outcome
    # What is still owed stands on the list of calls back; nobody waits at the other end of a line.
    # Who wrote, and has no answer yet, goes on waiting.
    is_written = has_reply_clock(conversation.channel, conversation.state)
    if outcome != Conversation.Outcome.NONE or not is_written:
        conversation.waiting_since = None
        drop_reply_clock(conversation.pk, at=at, by=by)
    if outcome == Conversation.Outcome.ANSWERED:
        conversation.first_answered_at = conversation.first_answered_at or at
    conversation.save(update_fields=[*SERVING_FIELDS, "first_answered_at"])
    if outcome in {Conversation.Outcome.MISSED, Conversation.Outcome.CALL_BACK}:
        reason = "missed" if outcome == Conversation.Outcome.MISSED else "promised"
        owe_call_back(conversation, reason=reason, owner=by, at=at, due_at=contact.call_back_at)
    return conversation
