"""Visitors and widgets."""

import hashlib

from django.db.models import QuerySet

from shouwen.conversations.models import Conversation, Queue, Visitor, WidgetSite


def token_hash(token: str) -> str:
    """What is stored of a visitor's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def visitor_of_token(site: WidgetSite, token: str) -> Visitor | None:
    """Who holds this token on this site."""
    if not token:
        return None
    return (
        Visitor.objects.filter(site=site, token_hash=token_hash(token), is_blocked=False)
        .select_related("site__queue__calendar", "customer")
        .first()
    )


def visitor_at_site(site_key: str, token: str) -> Visitor | None:
    """Who holds this token on the site with this key, if that is switched on; his name and no more."""
    if not token:
        return None
    return (
        Visitor.objects.filter(
            token_hash=token_hash(token), site__key=site_key, site__is_active=True, is_blocked=False
        )
        .only("pk", "short_name")
        .first()
    )


def active_site(key: str) -> WidgetSite | None:
    """The widget with this key, if it is switched on."""
    return (
        WidgetSite.objects.filter(key=key, is_active=True).select_related("queue__calendar").first()
    )


def latest_conversation(visitor: Visitor) -> Conversation | None:
    """The conversation the visitor is in, or was in last."""
    return (
        Conversation.objects.filter(visitor=visitor)
        .select_related("queue", "handler")
        .order_by("-pk")
        .first()
    )


def widget_sites() -> QuerySet[WidgetSite]:
    """All widgets, with their queues."""
    return WidgetSite.objects.select_related("queue").order_by("name")


def queues() -> QuerySet[Queue]:
    """All queues, the default one first."""
    return Queue.objects.select_related("department", "owner", "calendar").order_by(
        "-is_default", "name"
    )


def default_queue() -> Queue:
    """Where everything goes that names no queue."""
    found = Queue.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    if found is None:
        raise Queue.DoesNotExist("no queue has been set up")
    return found
