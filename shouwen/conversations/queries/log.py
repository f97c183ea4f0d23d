"""The contact log: kinds with their flow, what is still to be asked, what the customer was told."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from shouwen.conversations.models import (
    CallBack,
    ContactAnswer,
    ContactKind,
    ContactQuestion,
    Conversation,
    Feedback,
    Line,
    ReportSpan,
    SummaryPoint,
    WrapUp,
)
from shouwen.conversations.queries.contacts import wrap_up_of

HEARD_LENGTH = 300


def contact_kinds() -> QuerySet[ContactKind]:
    """The kinds in use, in their order."""
    return ContactKind.objects.filter(is_active=True).order_by("position", "pk")


def all_kinds() -> QuerySet[ContactKind]:
    """Every kind with the number of its questions as `asked`, those in use first."""
    is_asked = Q(questions__is_active=True)
    return ContactKind.objects.annotate(asked=Count("questions", filter=is_asked)).order_by(
        "-is_active", "position", "pk"
    )


def all_spans() -> QuerySet[ReportSpan]:
    """Every part of the day, those in use first."""
    return ReportSpan.objects.order_by("-is_active", "starts", "pk")


def report_spans() -> QuerySet[ReportSpan]:
    """The parts of the day whose needs and opinions are put together, in the order of the day."""
    return ReportSpan.objects.filter(is_active=True).order_by("starts", "pk")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of the list with what the customer answered, if he was asked."""

    question: ContactQuestion
    answer: str

    @property
    def is_missing(self) -> bool:
        """It must be asked and was not."""
        return self.question.is_required and not self.answer


def questions_of(wrap_up: WrapUp) -> list[Asked]:
    """The list of the summary's kind in its order, with the answers so far. (D598)"""
    return questions_of_kind(wrap_up.kind_id or "", wrap_up)


def questions_of_kind(kind: str, wrap_up: WrapUp | None) -> list[Asked]:
    """The list of this kind in its order, with what the summary, if begun, has of answers."""
    questions = ContactQuestion.objects.filter(kind__code=kind, is_active=True)
    rows = list(questions.order_by("position", "pk"))
    known: dict[int, str] = {}
    if wrap_up and rows:
        known = dict(ContactAnswer.objects.filter(wrap_up=wrap_up).values_list("question", "text"))
    return [Asked(question=one, answer=known.get(one.pk, "")) for one in rows]


@dataclass(frozen=True, kw_only=True)
class ContactLog:
    """What stands beside the talk: the kind, its questions, points marked, what was told."""

    kinds: list[ContactKind]
    kind: str
    asked: list[Asked]
    points: list[SummaryPoint]
    told: list[Feedback]

    @property
    def sorts(self) -> list[tuple[int, str, str]]:
        """The sorts of points with the key of each."""
        choices = SummaryPoint.Sort.choices
        return [(key, value, str(label)) for key, (value, label) in enumerate(choices, start=1)]


def contact_log(conversation: Conversation) -> ContactLog:
    """The log of this conversation, in six queries at most."""
    wrap_up = wrap_up_of(conversation)
    kind = (wrap_up.kind_id or "") if wrap_up else ""
    return ContactLog(
        kinds=list(contact_kinds()),
        kind=kind,
        asked=questions_of_kind(kind, wrap_up) if kind else [],
        points=[one for one in wrap_up.points.all() if one.sort] if wrap_up else [],
        told=list(feedback_of(conversation)[:3]),
    )


def feedback_of(conversation: Conversation) -> QuerySet[Feedback]:
    """What the customer was told of this matter, the latest first."""
    return Feedback.objects.filter(conversation=conversation).select_related("by").order_by("-at")


def owes_call(conversation: Conversation) -> bool:
    """Whether a call back to this customer about this contact is still owed."""
    return CallBack.objects.filter(conversation=conversation, done_at__isnull=True).exists()


def last_answer(conversation: Conversation) -> tuple[str, datetime] | None:
    """The latest words of ours to the customer, and when they were said."""
    line = conversation.lines.filter(kind=Line.Kind.AGENT).order_by("-seq").first()
    return (line.text, line.at) if line else None


def last_words(conversation: Conversation) -> Line | None:
    """What the customer said last."""
    said = conversation.lines.filter(kind=Line.Kind.CUSTOMER, recalled_at__isnull=True)
    return said.order_by("-seq").first()
