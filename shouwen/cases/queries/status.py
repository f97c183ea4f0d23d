"""What a customer sees of his own case: its way in his words, never our notes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from shouwen.cases.models import Answer, Case, CasePaper, CasePromise, CustomerWord, StatusLink
from shouwen.cases.statuslinks import ref_of
from shouwen.cases.workflow import (
    ACCEPT,
    ANSWER,
    ARCHIVE,
    FOLLOW_UP,
    HANDLE,
    PATH,
    place_on_path,
)


@dataclass(frozen=True)
class StatusStep:
    """A stage as the customer calls it: done, current or to come, and since when."""

    name: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class StatusFact:
    """One line of what happened, as he was told it."""

    at: datetime
    text: str
    detail: str = ""
    tone: str = ""


@dataclass(frozen=True)
class StatusPage:
    """Everything behind the link."""

    link: StatusLink
    case: Case
    steps: list[StatusStep]
    facts: list[StatusFact]
    answers: list[Answer]
    words: list[CustomerWord]
    promises: list[CasePromise]
    due_words: str
    is_late: bool
    asks: Answer | None

    @property
    def is_open(self) -> bool:
        """Whether a word may be added."""
        return not self.case.is_closed

    @property
    def person(self) -> str:
        """Who stays responsible to the end; nobody yet: empty."""
        first = self.case.first_responder
        return "" if first.is_system else first.public_name


def link_of_token(token: str) -> StatusLink | None:
    """The link that a token opens, or None if it is forged or was ended."""
    ref = ref_of(token)
    return StatusLink.objects.filter(ref=ref).first() if ref else None


def status_page(link: StatusLink, *, at: datetime) -> StatusPage:
    """The page behind a link; a case that was merged shows how the other one goes on.

    Holds what the customer wrote himself, what he was told and what he was answered; neither names
    nor numbers from his file, nor anything written for colleagues. Half a dozen short reads.
    """
    rows = Case.objects.select_related("kind", "first_responder")
    own = rows.get(pk=link.case_id)
    case = rows.get(pk=own.merged_into_id) if own.merged_into_id else own
    answers = list(case.answers.order_by("pk"))
    due_words, is_late = _due(case, at)
    return StatusPage(
        link=link,
        case=case,
        steps=_steps(case),
        facts=_facts(case),
        answers=answers[::-1],
        words=_words({own.pk, case.pk}),
        promises=list(case.promises.filter(kept_at=None).order_by("due_at", "pk")),
        due_words=due_words,
        is_late=is_late,
        asks=_asked(case, answers),
    )


def _words(case_ids: set[int]) -> list[CustomerWord]:
    pictures = Prefetch("papers", CasePaper.objects.select_related("file").order_by("pk"))
    words = CustomerWord.objects.filter(case__in=case_ids).prefetch_related(pictures)
    return list(words.order_by("at", "pk"))


def _asked(case: Case, answers: list[Answer]) -> Answer | None:
    """The answer that waits for his word."""
    if case.is_closed or case.stage not in {FOLLOW_UP, ARCHIVE} or not answers:
        return None
    return answers[-1] if not answers[-1].reply else None


def _steps(case: Case) -> list[StatusStep]:
    names = {
        ACCEPT: _("We have it"),
        HANDLE: _("Being handled"),
        ANSWER: _("Answer"),
        FOLLOW_UP: _("Your opinion"),
        ARCHIVE: _("Case closed"),
    }
    # The time at which a stage was left for the next one stands with the next one.
    times = {
        ACCEPT: case.opened_at,
        HANDLE: case.accepted_at,
        ANSWER: case.answered_at,
        FOLLOW_UP: case.followed_up_at,
        ARCHIVE: case.closed_at,
    }
    asks_opinion = case.kind.defined.needs_follow_up or case.stage == FOLLOW_UP
    shown = [stage for stage in PATH if stage != FOLLOW_UP or asks_opinion]
    here = len(PATH) if case.is_closed else place_on_path(case.stage)
    return [
        StatusStep(names[stage], _state(place_on_path(stage), here), times[stage])
        for stage in shown
    ]


def _state(place: int, here: int) -> str:
    return "done" if place < here else "current" if place == here else ""


def _due(case: Case, at: datetime) -> tuple[str, bool]:
    """By when he hears from us, in words; and whether that has passed."""
    if case.is_closed or case.is_waiting or case.due_at is None:
        return "", False
    words: dict[str, str] = {
        ACCEPT: _("Somebody takes it up by"),
        HANDLE: _("Result by"),
        ANSWER: _("Answer by"),
    }
    return words.get(case.stage, ""), case.stage in words and case.due_at < at


def _facts(case: Case) -> list[StatusFact]:
    """What happened, the newest first."""
    facts = [StatusFact(case.opened_at, _("We have your matter."), tone="accent")]
    if case.accepted_at:
        facts.append(StatusFact(case.accepted_at, _("Somebody takes care of it.")))
    for task in case.hand_offs.select_related("department").order_by("pk"):
        words = _("Handed to: %s") % task.department.name
        facts.append(StatusFact(task.sent_at, words))
    for note in case.progress.exclude(told_way="").order_by("pk"):
        facts.append(StatusFact(note.at, _("How it goes on"), note.text))
    if case.is_waiting and case.waiting_since:
        facts.append(StatusFact(case.waiting_since, _("We wait for you."), tone="near"))
    if case.closed_at:
        facts.append(StatusFact(case.closed_at, _("Case closed."), tone="kept"))
    return sorted(facts, key=lambda fact: fact.at, reverse=True)
