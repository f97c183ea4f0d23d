"""Sending: the worker claims what is due, hands it over, and records what came of it."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.core.services import beat
from shouwen.mailroom.carriers.base import HandOver, Hold
from shouwen.mailroom.carriers.registry import carrier_of
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import (
    claim_due,
    note_sending,
    note_taken,
    record_hand_over,
    release_suspects,
    renew_lease,
)
from shouwen.mailroom.workflow import LEASE_RENEWAL_SECONDS

logger = logging.getLogger(__name__)
SENDERS = 4
LOOK_SECONDS = 1.0
BEAT_SECONDS = 10.0
# What was handed over must be recorded, or it goes out again: tried so long while the database is away.
RECORD_PATIENCE_SECONDS = 600.0


def deliver(outbound: Outbound) -> HandOver:
    """Hand one claimed mail over and record what came of it."""
    hold = Hold(lambda: still_held(outbound), lambda taken: _note_taken(outbound, taken))
    try:
        outcome = _handed_over(outbound, hold)
    except Exception as error:  # a mistake of ours must not take the sender down
        logger.exception("outbound %d", outbound.pk)
        outcome = HandOver(
            postponed=dict.fromkeys(outbound.pending, f"{type(error).__name__}: {error}")
        )
    _insist(lambda: _record(outbound, outcome))
    return outcome


def _handed_over(outbound: Outbound, hold: Hold) -> HandOver:
    """What the carrier says; nothing when all was taken from a worker that died before it said so."""
    if not outbound.pending:
        return HandOver()
    return carrier_of(outbound.channel).hand_over(outbound, read_raw(outbound.raw_key), hold=hold)


def _note_taken(outbound: Outbound, taken: list[str]) -> None:
    rest = [one for one in outbound.pending if one not in taken]
    try:
        note_taken(outbound.pk, outbound.lease, still_pending=rest, at=timezone.now())
    except DatabaseTrouble:
        # The database is away: the whole outcome is insisted on afterwards.
        connections.close_all()


def still_held(outbound: Outbound) -> bool:
    """The lease is this worker's, seen in the database at this moment."""
    return renew_lease(outbound.pk, outbound.lease, at=timezone.now())


def _record(outbound: Outbound, outcome: HandOver) -> None:
    by = system_staff()
    record_hand_over(outbound.pk, outbound.lease, outcome, at=timezone.now(), by=by)
    if outbound.mailbox_id is not None:
        note_sending(outbound.mailbox_id, error=outcome.mailbox_error, by=by)


def _insist(record: Callable[[], None]) -> None:
    """Until it is written down, or patience ends; the database may be away for a while."""
    end = time.monotonic() + RECORD_PATIENCE_SECONDS
    while True:
        try:
            record()
            return
        except DatabaseTrouble:
            connections.close_all()
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


@dataclass(frozen=True)
class _Running:
    outbound: Outbound
    future: "Future[None]"


class Dispatch:
    """Sends what is due, several at once, and keeps the leases of what is under way."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._running: list[_Running] = []
        self._renewed_at = self._beat_at = 0.0

    def run(self) -> None:
        """Until told to stop; what is under way then is finished first."""
        with ThreadPoolExecutor(max_workers=SENDERS, thread_name_prefix="mail-send") as pool:
            while not self._stop.is_set():
                is_more_due = self.look(pool)
                close_old_connections()
                if is_more_due:
                    under_way = [one.future for one in self._running]
                    wait(under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
                else:
                    self._stop.wait(LOOK_SECONDS)

    def look(self, pool: ThreadPoolExecutor) -> bool:
        """Claim what is due as far as hands are free; says whether all hands are full now."""
        self._running = [one for one in self._running if not one.future.done()]
        self._keep_leases()
        free = SENDERS - len(self._running)
        for outbound in claim_due(at=timezone.now(), limit=free) if free else ():
            self._running.append(_Running(outbound, pool.submit(_deliver_in_thread, outbound)))
        return len(self._running) == SENDERS

    def _keep_leases(self) -> None:
        moment = time.monotonic()
        if moment - self._renewed_at > LEASE_RENEWAL_SECONDS:
            self._renewed_at = moment
            for one in self._running:
                still_held(one.outbound)
            if released := release_suspects(at=timezone.now()):
                logger.warning("%d mails of a lost worker are queued again", released)
        if moment - self._beat_at > BEAT_SECONDS:
            self._beat_at = moment
            beat("mailroom.send")


def _deliver_in_thread(outbound: Outbound) -> None:
    try:
        deliver(outbound)
    finally:
        connections.close_all()


def send_due_now(limit: int = 100) -> int:
    """Send what is due, here and now, one after the other; for tests and small commands."""
    sent = 0
    while sent < limit and (claimed := claim_due(at=timezone.now(), limit=1)):
        deliver(claimed[0])
        sent += 1
    return sent
