"""The bus: one event a change, one history row, and the reactions of the parts above.

`publish` is called inside the transaction of the change. What reacts says when it runs.
"""

import dataclasses
import logging
from collections import defaultdict
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from pydantic import TypeAdapter

from shouwen.core.clock import now
from shouwen.core.jobs import enqueue, job
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
Reaction = Callable[[Any], None]
_reactions: dict[type[Event], dict[When, list[Reaction]]] = defaultdict(lambda: defaultdict(list))


@dataclasses.dataclass(frozen=True)
class JobReaction:
    """A reaction that a worker runs, and which events are worth a job."""

    event_type: type[Event]
    run: Reaction
    only: Callable[[Any], bool] | None


_job_reactions: dict[str, JobReaction] = {}


def handles(
    *event_types: type[E_], when: When, only: Callable[[E_], bool] | None = None
) -> Callable[[Callable[[E_], None]], Callable[[E_], None]]:
    """Register a reaction to events of parts below or of the own part.

    `only`, for AS_JOB, looks at the event's plain values: no job is written for what it declines.
    """

    def register(reaction: Callable[[E_], None]) -> Callable[[E_], None]:
        for event_type in event_types:
            _reactions[event_type][when].append(reaction)
            if when is When.AS_JOB:
                name = f"{reaction.__module__}.{reaction.__qualname__}:{event_type.event_name()}"
                _job_reactions[name] = JobReaction(event_type, reaction, only)
        return reaction

    return register


def publish(event: Event) -> None:
    """The fact is in history and its reactions have run, wait for the commit, or are queued.

    Must be called inside a transaction: the fact and the change stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() outside a transaction")
    payload = event.payload() if event.is_kept else {}
    if event.is_kept:
        _write_history(event, payload)
    reactions = _reactions.get(type(event))
    if not reactions:
        return
    for reaction in reactions[When.IN_TRANSACTION]:
        reaction(event)
    for reaction in reactions[When.AFTER_COMMIT]:
        transaction.on_commit(_after_commit(reaction, event))
    if reactions[When.AS_JOB]:
        _write_jobs(event, payload or event.payload())


def _write_jobs(event: Event, payload: dict[str, Any]) -> None:
    for name, one in _job_reactions.items():
        if one.event_type is type(event) and (one.only is None or one.only(event)):
            enqueue(run_reaction, name=name, payload=payload)


def _after_commit(reaction: Reaction, event: Event) -> Callable[[], None]:
    def run() -> None:
        try:
            reaction(event)
        except Exception:
            logger.exception("reaction %s to %s failed", reaction.__qualname__, event.event_name())

    return run


def _write_history(event: Event, payload: dict[str, Any]) -> None:
    kind, subject_id = "", None
    if event.subject:
        kind, field = event.subject
        subject_id = payload.get(field)
    HistoryEntry.objects.create(
        at=now(),
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
