"""The bus: one event a change, one history row, and the reactions of the parts above.

`publish` is called inside the transaction of the change. What reacts says when it runs.
"""

import dataclasses
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum, auto
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from pydantic import TypeAdapter

from shouwen.core.clock import now
from shouwen.core.jobs import enqueue_all, job
from shouwen.core.models import HistoryEntry

logger = logging.getLogger(__name__)


class When(Enum):
    """When a reaction runs."""

    IN_TRANSACTION = (
        auto()
    )  # at once, inside: what must be true together; if it fails, all is undone
    AFTER_COMMIT = auto()  # at once, after: live screens; if it fails, it is logged
    AS_JOB = auto()  # by a worker: notices, mail; retried, seen in the job list


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """A fact that happened: ids and plain values only.

    `subject` names the kind of thing the fact is about and the field that holds its id.
    `is_kept = False` is for marks on a screen that are no fact for the books, such as read marks.
    """

    subject: ClassVar[tuple[str, str] | None] = None
    is_kept: ClassVar[bool] = True
    by_id: int | None = None

    @classmethod
    def event_name(cls) -> str:
        """`part.ClassName`, stable: history rows and jobs are found by it."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The event's fields as JSON values."""
        dumped: dict[str, Any] = _adapter(type(self)).dump_python(self, mode="json")
        return dumped


_adapters: dict[str, TypeAdapter[Any]] = {}


def _adapter(event_type: type[Event]) -> TypeAdapter[Any]:
    name = event_type.event_name()
    if name not in _adapters:
        _adapters[name] = TypeAdapter(event_type)
    return _adapters[name]


E_ = TypeVar("E_", bound=Event)
Events = list[Any]


@dataclasses.dataclass(frozen=True)
class Reaction:
    """What reacts to an event: to each one alone, or to all that are published together."""

    name: str
    event_type: type[Event]
    run: Callable[[Any], None]
    only: Callable[[Any], bool] | None = None
    takes_many: bool = False

    def groups(self, events: Events) -> list[Events]:
        """The events it wants, in the lists in which it wants them."""
        wanted = [event for event in events if self.only is None or self.only(event)]
        if self.takes_many:
            return [wanted] if wanted else []
        return [[event] for event in wanted]

    def react(self, group: Events) -> None:
        """Run it for one of its groups."""
        self.run(group if self.takes_many else group[0])


_reactions: dict[type[Event], dict[When, list[Reaction]]] = defaultdict(lambda: defaultdict(list))
_job_reactions: dict[str, Reaction] = {}


def handles(
    *event_types: type[E_], when: When, only: Callable[[E_], bool] | None = None
) -> Callable[[Callable[[E_], None]], Callable[[E_], None]]:
    """Register a reaction to events of parts below or of the own part.

    `only` looks at the event's plain values: no job is written for what it declines.
    """

    def register(run: Callable[[E_], None]) -> Callable[[E_], None]:
        for event_type in event_types:
            _register(Reaction(_name(run, event_type), event_type, run, only), when)
        return run

    return register


def handles_together(
    *event_types: type[E_], when: When, only: Callable[[E_], bool] | None = None
) -> Callable[[Callable[[list[E_]], None]], Callable[[list[E_]], None]]:
    """Register a reaction to all events of a type that are published together; one is a list of one.

    For what costs the same however many there are: one job, one round of routing, one nudge.
    """

    def register(run: Callable[[list[E_]], None]) -> Callable[[list[E_]], None]:
        for event_type in event_types:
            reaction = Reaction(_name(run, event_type), event_type, run, only, takes_many=True)
            _register(reaction, when)
        return run

    return register


def _name(run: Callable[..., None], event_type: type[Event]) -> str:
    return f"{run.__module__}.{run.__qualname__}:{event_type.event_name()}"


def _register(reaction: Reaction, when: When) -> None:
    _reactions[reaction.event_type][when].append(reaction)
    if when is When.AS_JOB:
        _job_reactions[reaction.name] = reaction


_gathered: ContextVar[list[Event] | None] = ContextVar("gathered_events", default=None)


@contextmanager
def published_together() -> Iterator[None]:
    """What is published inside is written down and reacted to at the end, all at once, in its order.

    For operations made of several. If one of them fails, so must the whole block: what was
    published before is forgotten, as it is undone.
    """
    if _gathered.get() is not None:
        yield
        return
    events: list[Event] = []
    token = _gathered.set(events)
    try:
        yield
    finally:
        _gathered.reset(token)
    publish_all(events)


def publish(event: Event) -> None:
    """The fact is in history and its reactions have run, wait for the commit, or are queued.

    Must be called inside a transaction: the fact and the change stand or fall together.
    """
    publish_all([event])


def publish_all(events: Sequence[Event]) -> None:
    """Many facts at once: each has its history row, written together, and reactions run by type."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() outside a transaction")
    gathered = _gathered.get()
    if gathered is not None:
        gathered.extend(events)
        return
    payloads = [event.payload if event.is_kept else {} for event in events]
    kept = [pair for pair in zip(events, payloads, strict=True) if pair[0].is_kept]
    if kept:
        moment = now()
        HistoryEntry.objects.bulk_create(_history_row(*pair, moment) for pair in kept)
    by_type: dict[type[Event], Events] = {}
    for event in events:
        by_type.setdefault(type(event), []).append(event)
    jobs = _Jobs([], [])
    for event_type, group in by_type.items():
        if reactions := _reactions.get(event_type):
            _react(reactions, group, jobs)
    enqueue_all(run_reaction, jobs.alone)
    enqueue_all(run_group_reaction, jobs.together)


@dataclasses.dataclass(frozen=True)
class _Jobs:
    """What the worker is given, once everything is published: reactions to one event, and to many."""

    alone: list[dict[str, Any]]
    together: list[dict[str, Any]]

    def add(self, reaction: Reaction, events: Events) -> None:
        """One more."""
        payloads = [event.payload for event in events]
        if reaction.takes_many:
            self.together.append({"name": reaction.name, "payloads": payloads})
        else:
            self.alone.append({"name": reaction.name, "payload": payloads[0]})


def _react(reactions: dict[When, list[Reaction]], events: Events, jobs: _Jobs) -> None:
    for reaction in reactions[When.IN_TRANSACTION]:
        for group in reaction.groups(events):
            reaction.react(group)
    for reaction in reactions[When.AFTER_COMMIT]:
        for group in reaction.groups(events):
            transaction.on_commit(_after_commit(reaction, group))
    for reaction in reactions[When.AS_JOB]:
        for group in reaction.groups(events):
            jobs.add(reaction, group)


def _after_commit(reaction: Reaction, events: Events) -> Callable[[], None]:
    def run() -> None:
        try:
            reaction.react(events)
        except Exception:
            logger.exception("reaction %s failed", reaction.name)

    return run


def _history_row(event: Event, payload: dict[str, Any], moment: datetime) -> HistoryEntry:
    kind, subject_id = "", None
    if event.subject:
        kind, field = event.subject
        subject_id = payload.get(field)
    return HistoryEntry(
        at=moment,
        name=event.event_name(),
        subject_kind=kind,
        subject_id=subject_id,
        by_id=event.by_id,
        payload=payload,
    )


@job
def run_reaction(*, name: str, payload: dict[str, Any]) -> None:
    """Run one reaction to one event, in a worker."""
    reaction = _job_reactions[name]
    reaction.run(_adapter(reaction.event_type).validate_python(payload))


@job
def run_group_reaction(*, name: str, payloads: list[dict[str, Any]]) -> None:
    """Run one reaction to events that were published together, in a worker."""
    reaction = _job_reactions[name]
    adapter = _adapter(reaction.event_type)
    reaction.run([adapter.validate_python(payload) for payload in payloads])
