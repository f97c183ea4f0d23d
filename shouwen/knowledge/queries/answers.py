"""Approved answers: which may be given now, and the page of all."""

from datetime import date

from django.db.models import F, Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.knowledge.models import Answer, AnswerQuerySet
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.sounds import letters

FOUND_MOST = 8


def answers_for(staff: Staff, *, day: date) -> AnswerQuerySet:
    """What this person may give to a customer on this day: approved and not past its time. (D578)"""
    if not staff.may(KnowledgePermission.USE_PHRASES):
        return Answer.objects.none()
    return Answer.objects.approved(day)


def find_answers(staff: Staff, typed: str, *, day: date, limit: int = FOUND_MOST) -> list[Answer]:
    """What somebody means by a few keys: initials or pinyin of the question, words, topic. (D578)"""
    found = answers_for(staff, day=day)
    keys = typed.replace("\0", "").strip().lstrip("/").casefold()
    if keys:
        words = Q(title__icontains=keys) | Q(text__icontains=keys) | Q(topic__icontains=keys)
        sound = letters(keys)
        if sound:
            words |= Q(title_initials__contains=sound) | Q(pinyin__startswith=sound)
        found = found.filter(words)
    return list(found.order_by("-use_count", F("last_used_at").desc(nulls_last=True), "pk")[:limit])


def all_answers(*, state: str = "", words: str = "") -> QuerySet[Answer]:
    """The page of answers, by topic; narrowed by state and words."""
    rows = Answer.objects.select_related("by", "approved_by")
    if state in Answer.State.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(text__icontains=words) | Q(topic__icontains=words)
        )
    return rows.order_by("topic", "title", "pk")
