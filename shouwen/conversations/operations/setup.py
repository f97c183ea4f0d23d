"""Queues and chat widgets."""

from collections.abc import Iterable

from django.db import transaction

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import QueueChanged, WidgetSiteChanged
from shouwen.conversations.models import Queue, WidgetSite
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.bus import publish


@transaction.atomic
def save_queue(queue: Queue, *, members: Iterable[Staff], by: Staff) -> Queue:
    """The queue, with exactly these members; the first one is the default, and a new default replaces the old."""
    require(by, ConversationPermission.CONFIGURE)
    if not Queue.objects.exclude(pk=queue.pk).filter(is_default=True).exists():
        queue.is_default = True
    if queue.is_default:
        Queue.objects.exclude(pk=queue.pk).filter(is_default=True).update(is_default=False)
    queue.save()
    queue.members.set(members)
    publish(QueueChanged(queue_id=queue.pk, by_id=by.pk))
    return queue


@transaction.atomic
def ensure_default_queue(*, name: str, department: Department, by: Staff) -> Queue:
    """A queue for everything exists; an existing default is kept as it is."""
    found = Queue.objects.filter(is_default=True).first()
    if found:
        return found
    queue = Queue(code="service", name=name, department=department, is_default=True)
    return save_queue(queue, members=[], by=by)


@transaction.atomic
def save_widget_site(site: WidgetSite, *, by: Staff) -> WidgetSite:
    """The chat widget as given."""
    require(by, ConversationPermission.CONFIGURE)
    site.save()
    publish(WidgetSiteChanged(site_id=site.pk, by_id=by.pk))
    return site
