"""Kinds of matters and the parts of the day are set up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import ContactLogSetUp
from shouwen.conversations.models import ContactKind, ContactQuestion, ReportSpan
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.bus import publish
from shouwen.core.errors import Refused

QUESTIONS_MOST = 30


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of the list; whether it must be asked."""

    text: str
    is_required: bool = True


@transaction.atomic
def save_contact_kind(
    kind: ContactKind, *, questions: Sequence[Question], by: Staff
) -> ContactKind:
    """The kind as given, with exactly these questions in this order.

    A question that was answered before is kept for the books when it leaves the list. Refuses a
    kind without a name and more than thirty questions.
    """
    require(by, ConversationPermission.CONFIGURE)
    asked = [one for one in questions if one.text.strip()]
    if not kind.name.strip() or len(asked) > QUESTIONS_MOST:
        raise Refused(_("A kind needs a name and at most %d questions.") % QUESTIONS_MOST)
    kind.code = kind.code or f"kind-{get_random_string(7).lower()}"
    kind.save()
    kept = {one.text: one for one in kind.questions.all()}
    kind.questions.update(is_active=False)
    for position, one in enumerate(asked, start=1):
        row = kept.get(one.text.strip()) or ContactQuestion(kind=kind, text=one.text.strip()[:100])
        row.position, row.is_required, row.is_active = position, one.is_required, True
        row.save()
    publish(ContactLogSetUp(what="kind", row_id=kind.pk, by_id=by.pk))
    return kind


@transaction.atomic
def save_report_span(span: ReportSpan, *, by: Staff) -> ReportSpan:
    """The part of the day as given; its report is sent when it ends."""
    require(by, ConversationPermission.CONFIGURE)
    if not span.name.strip() or span.starts == span.ends:
        raise Refused(_("A part of the day needs a name, a beginning and another end."))
    span.save()
    publish(ContactLogSetUp(what="span", row_id=span.pk, by_id=by.pk))
    return span
