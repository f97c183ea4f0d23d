"""Queues and widgets as the settings list them."""

from django.db.models import Count, Q, QuerySet

from shouwen.conversations.models import Queue
from shouwen.conversations.queries.visitors import queues


def queues_with_members() -> QuerySet[Queue]:
    """All queues, each with the number of people who serve it as `member_count`."""
    is_active = Q(members__is_active=True)
    return queues().annotate(member_count=Count("members", filter=is_active, distinct=True))
