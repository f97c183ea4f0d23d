"""Reading history: timelines, audit and figures start here."""

from django.db.models import QuerySet

from shouwen.core.models import HistoryEntry


def history_of(kind: str, subject_id: int) -> QuerySet[HistoryEntry]:
    """All facts about one thing, newest first."""
    return HistoryEntry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("-pk")


def history_by(staff_id: int) -> QuerySet[HistoryEntry]:
    """All facts one person brought about, newest first."""
    return HistoryEntry.objects.filter(by_id=staff_id).order_by("-pk")
