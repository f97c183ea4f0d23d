"""The desk where mail is worked on: in its order, in groups; what breaks falls out alone."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.queries import system_staff
from shouwen.core.errors import Refused
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations.inbound import quarantine
from shouwen.mailroom.workflow import INBOUND_ATTEMPTS

logger = logging.getLogger(__name__)
# So many at once, and so many bytes: numbers and rows of others wait until a group is committed.
GROUP = 50
GROUP_BYTES = 4 * 1024 * 1024
_LOCK_CLASS = 0x6465736B
AWAY = (OperationalError, InterfaceError)
Work = Callable[[list[Inbound]], None]


@contextmanager
def desk_of(mailbox_id: int | None) -> Iterator[bool]:
    """Whether this process reads the mailbox's mail now; nobody else does at the same time."""
    place = [_LOCK_CLASS, mailbox_id or 0]
    is_ours = bool(_ask("SELECT pg_try_advisory_lock(%s, %s)", place))
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(*AWAY):  # a connection that broke has let go of it
                _ask("SELECT pg_advisory_unlock(%s, %s)", place)


def _ask(query: str, place: list[int]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, place)
        return cursor.fetchone()[0]


@transaction.atomic
def claim_waiting(mailbox_id: int | None) -> list[Inbound]:
    """The next mails of this mailbox, in their order; each start is counted before the work begins.

    What was begun before and never finished comes last and alone, so that a mail that kills its
    worker takes nobody along. What failed with a reason waits for its own next try.
    """
    waiting = (
        Inbound.objects.waiting()
        .filter(channel="mail", reason="", understood_at__isnull=True)
        .filter(Q(mailbox=mailbox_id) if mailbox_id else Q(mailbox__isnull=True))
        .exclude(raw_key="")
        .select_for_update(skip_locked=True)
        .only("pk", "size", "attempts")
        .order_by("attempts", "pk")
    )
    group = _that_fit(list(waiting[:GROUP]))
    _count_start([inbound.pk for inbound in group])
    return group


def _that_fit(waiting: list[Inbound]) -> list[Inbound]:
    group: list[Inbound] = []
    total = 0
    for inbound in waiting:
        total += inbound.size
        if group and (total > GROUP_BYTES or inbound.attempts):
            break
        group.append(inbound)
        if inbound.attempts:
            break
    return group


def _count_start(ids: list[int]) -> None:
    Inbound.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, updated_at=timezone.now())


def work_on_group(group: list[Inbound], work: Work) -> list[int]:
    """Do `work` with those that still wait, in one transaction; poison never blocks others.

    If it breaks, all is undone and the halves are tried, so that in the end only what breaks is left
    out: quarantined after INBOUND_ATTEMPTS, until then returned, to be tried again later.
    """
    if not group:
        return []
    if _was_begun_too_often(group[0]):
        return []
    try:
        with transaction.atomic():
            work(_still_waiting(group))
    except AWAY:
        raise
    except Exception as error:
        if len(group) > 1:
            middle = len(group) // 2
            return [*work_on_group(group[:middle], work), *work_on_group(group[middle:], work)]
        logger.exception("inbound %d", group[0].pk)
        return [] if quarantine_after(group[0].pk, INBOUND_ATTEMPTS, error=error) else [group[0].pk]
    return []


def _still_waiting(group: list[Inbound]) -> list[Inbound]:
    rows = Inbound.objects.waiting().filter(pk__in=[inbound.pk for inbound in group])
    return list(rows.select_for_update().prefetch_related("mailbox").order_by("pk"))


def _was_begun_too_often(inbound: Inbound) -> bool:
    """A mail that kills whoever reads it is never caught by its error, only by the count."""
    if inbound.attempts < 2 * INBOUND_ATTEMPTS:
        return False
    reason = _("It was begun %d times and never finished.") % inbound.attempts
    quarantine(inbound.pk, reason=reason, by=system_staff())
    return True


def work_on_inbound(inbound_id: int, work: Work) -> None:
    """Do `work` with one inbound that still waits; nothing happens to what is settled already.

    While it may be tried again its error rises, and the job that called is tried again.
    """
    inbound = Inbound.objects.select_related("mailbox").get(pk=inbound_id)
    if inbound.is_settled:
        return
    _count_start([inbound_id])
    if _was_begun_too_often(inbound):
        return
    try:
        with transaction.atomic():
            work(_still_waiting([inbound]))
    except AWAY:
        raise
    except Exception as error:  # whatever one mail breaks must not stop the others
        if not quarantine_after(inbound_id, INBOUND_ATTEMPTS, error=error):
            raise
        logger.exception("inbound %d quarantined", inbound_id)


def quarantine_after(inbound_id: int, attempts: int, *, error: Exception) -> bool:
    """Quarantined, if it still waits and was begun at least so often; says whether it is settled.

    What may be tried again bears the error's words until then.
    """
    inbound = Inbound.objects.get(pk=inbound_id)
    if inbound.is_settled:
        return True
    words = _words_of(error)
    if inbound.attempts < attempts:
        Inbound.objects.filter(pk=inbound_id).update(reason=words)
        return False
    quarantine(inbound_id, reason=words, by=system_staff())
    return True


def _words_of(error: Exception) -> str:
    words = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
    return words.replace("\0", "")[:500] or type(error).__name__
