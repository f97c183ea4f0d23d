"""Visitors of the web chat: greeting them, opening their conversation, taking what they leave."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Conversation, Line, Visitor, WidgetSite
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.operations.opening import open_conversation
from shouwen.conversations.operations.routing import settle_new_chat
from shouwen.conversations.operations.tasks import owe_call_back
from shouwen.conversations.queries.visitors import token_hash
from shouwen.core.errors import Refused
from shouwen.customers.contactkinds import VISITOR
from shouwen.customers.models import Customer
from shouwen.customers.operations import add_contact_point, find_or_create_customer, rename_customer
from shouwen.customers.refusals import ContactPointTaken


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a browser says of itself and of the page it is on; nothing of it is trusted."""

    page_url: str = ""
    page_title: str = ""
    device: str = ""
    address: str = ""


@transaction.atomic
def greet_visitor(site: WidgetSite, browser: Browser, *, at: datetime) -> tuple[Visitor, str]:
    """A new visitor and the token by which he is known again; the token itself is not kept."""
    token = secrets.token_urlsafe(32)
    visitor = Visitor.objects.create(
        site=site,
        token_hash=token_hash(token),
        short_name=secrets.token_hex(2).upper(),
        page_url=browser.page_url[:500],
        page_title=browser.page_title[:200],
        device=browser.device[:200],
        address=browser.address[:45],
        seen_at=at,
    )
    return visitor, token


@transaction.atomic
def see_visitor(visitor: Visitor, browser: Browser, *, at: datetime) -> None:
    """A known visitor is back, on this page."""
    visitor.page_url = browser.page_url[:500] or visitor.page_url
    visitor.page_title = browser.page_title[:200] or visitor.page_title
    visitor.seen_at = at
    visitor.save(update_fields=["page_url", "page_title", "seen_at"])


@transaction.atomic
def conversation_of_visitor(visitor_id: int, *, at: datetime) -> Conversation:
    """The visitor's live conversation, opened now if there is none; two calls at once open one."""
    visitor = (
        Visitor.objects.select_for_update(no_key=True, of=("self",))
        .select_related("site__queue", "customer")
        .get(pk=visitor_id)
    )
    live = Conversation.objects.live().filter(visitor=visitor).first()
    if live:
        return live
    conversation = open_conversation(
        customer=_customer_of(visitor),
        queue=visitor.site.queue,
        channel=Conversation.Channel.CHAT,
        visitor=visitor,
        at=at,
    )
    settle_new_chat(conversation.pk, at=at)
    conversation.refresh_from_db()
    return conversation


def _customer_of(visitor: Visitor) -> Customer:
    if visitor.customer is None:
        visitor.customer = find_or_create_customer(
            contacts=[(f"im:{VISITOR}", f"visitor-{visitor.pk}")],
            alias=visitor.display_name,
            source=Customer.Source.CHAT,
            by=system_staff(),
        )
        visitor.save(update_fields=["customer"])
    return visitor.customer


@transaction.atomic
def leave_contact(
    visitor_id: int, *, name: str, phone: str, mail: str, at: datetime
) -> Conversation:
    """The visitor says who he is and how to reach him; a message then becomes a call back owed.

    Refuses without phone and mail, and a phone number or address that cannot be one. (D154)
    """
    if not phone.strip() and not mail.strip():
        raise Refused(_("Please leave a phone number or a mail address."))
    conversation = conversation_of_visitor(visitor_id, at=at)
    customer = conversation.customer
    by = system_staff()
    for kind, value in (("phone", phone), ("mail", mail)):
        if value.strip():
            _keep_contact(conversation, kind, value.strip(), at=at)
    if name.strip():
        rename_customer(customer.pk, name=name.strip()[:60], by=by)
    if phone.strip() and conversation.state == Conversation.State.MESSAGE:
        owe_call_back(conversation, reason="message", owner=conversation.handler, at=at)
    return conversation


def _keep_contact(conversation: Conversation, kind: str, value: str, *, at: datetime) -> None:
    """On the file if nobody else has it; else a note for staff: a claim is no proof of who he is."""
    try:
        with transaction.atomic():
            add_contact_point(conversation.customer_id, kind=kind, value=value, by=system_staff())
    except ContactPointTaken:
        note = NewLine(
            conversation_id=conversation.pk,
            kind=Line.Kind.NOTE,
            text=_("The visitor left %s, which stands on another customer's file.") % value,
            author_name=system_staff().public_name,
        )
        post_line(note, at=at)
