"""Reactions: readers are told of new versions and reminded; writers are told that a review is due."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.queries import system_staff
from shouwen.core.bus import When, handles
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff
from shouwen.notices.queries import staff_who_may
from shouwen.quality.events import RuleEvent, RulePublished, RuleReadersReminded, RuleReviewDue
from shouwen.quality.models import RuleDocument
from shouwen.quality.permissions import QualityPermission
from shouwen.quality.queries.rules import readers_of

TO_READ = register_kind("quality.to_read", _("A rule document is to be read"))
REVIEW_DUE = register_kind("quality.review_due", _("A rule document must be looked through again"))


@handles(RulePublished, when=When.AS_JOB)
def tell_readers(event: RulePublished) -> None:
    """Everybody it is for is asked to read it."""
    document = RuleDocument.objects.get(pk=event.document_id)
    ids = [one.pk for one in readers_of(document)]
    words = _("Please read “{title}”, version {version}, in force from {day}.")
    text = format_lazy(words, title=document.title, version=event.version, day=event.effective_on)
    _tell(event, ids, TO_READ.code, text, key=f"rule-published:{event.version_id}")


@handles(RuleReadersReminded, when=When.AS_JOB)
def remind_readers(event: RuleReadersReminded) -> None:
    """Who has not read it is asked again, once a day at most."""
    document = RuleDocument.objects.get(pk=event.document_id)
    text = format_lazy(
        _("Reminder: “{title}”, version {version}, is still to be read by you."),
        title=document.title,
        version=event.version,
    )
    key = f"rule-reminded:{event.version_id}:{timezone.localdate()}"
    _tell(event, event.staff_ids, TO_READ.code, text, key=key)


@handles(RuleReviewDue, when=When.AS_JOB)
def tell_writers(event: RuleReviewDue) -> None:
    """Everybody who writes rules knows that the document must be looked through."""
    document = RuleDocument.objects.get(pk=event.document_id)
    ids = [one.pk for one in staff_who_may(QualityPermission.WRITE_RULES)]
    text = format_lazy(
        _("“{title}” must be looked through and revised since {day}."),
        title=document.title,
        day=event.review_on,
    )
    key = f"rule-review:{event.document_id}:{event.review_on}"
    _tell(event, ids, REVIEW_DUE.code, text, key=key)


def _tell(event: RuleEvent, ids: list[int], kind: str, text: str | Promise, *, key: str) -> None:
    message = Message(
        kind=kind,
        text=text,
        url=reverse("quality:rule", args=[event.document_id]),
        subject_kind="rule_document",
        subject_id=event.document_id,
        key=key,
    )
    notify_staff(ids, message=message, at=timezone.now(), by=system_staff())
