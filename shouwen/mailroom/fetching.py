"""Fetching: one thread a mailbox, in one process at a time, for as long as the worker lives."""

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.core.services import beat
from shouwen.mailroom.carriers.email.inbox import Inbox, open_inbox
from shouwen.mailroom.carriers.email.troubles import MAIL_ERRORS, words_of
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations import (
    Arrival,
    Origin,
    begin_uidvalidity,
    fill_in,
    note_mailbox_failing,
    note_mailbox_well,
    quarantine,
    set_aside_unfetched,
    skip_waiting_mail,
    take_in_mails,
    take_in_too_large,
)
from shouwen.mailroom.queries import wanted_again

logger = logging.getLogger(__name__)
BATCH = 200
BATCH_BYTES = 8 * 1024 * 1024
TEND_SECONDS = 3.0
BACK_OFF_SECONDS = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0)
_LOCK_CLASS = 0x6D61696C


def fetch_new(mailbox: Mailbox, inbox: Inbox, *, by: Staff, stop: threading.Event) -> int:
    """Take in all that is new in the folder, in order; returns how many mails were looked at.

    Each mail is committed before it is flagged on the server; none is ever removed there.
    """
    is_first = mailbox.uidvalidity is None
    mailbox = begin_uidvalidity(mailbox.pk, inbox.uidvalidity, by=by)
    since = None
    if not mailbox.takes_waiting:
        since = timezone.localdate(mailbox.created_at - timedelta(days=1))
        if is_first:
            mailbox = skip_waiting_mail(mailbox.pk, last_uid=inbox.next_uid - 1, by=by)
    _ask_again(mailbox, inbox, by=by)
    seen = 0
    uids = inbox.new_uids(mailbox.last_uid, since=since)
    for start in range(0, len(uids), BATCH):
        if stop.is_set():
            break
        batch = uids[start : start + BATCH]
        sizes = inbox.sizes(batch)
        for group in groups_by_size(batch, sizes):
            _take_in_group(mailbox, inbox, group, sizes, by=by)
            seen += len(group)
        _say_well(mailbox, by=by)
    return seen


def _ask_again(mailbox: Mailbox, inbox: Inbox, *, by: Staff) -> None:
    """Mails that the server kept back, and a person wants tried again."""
    for waiting in wanted_again(mailbox):
        uid = waiting.uid or 0
        raw = inbox.mails([uid]).get(uid)
        if raw is None:
            quarantine(waiting.pk, reason=_("The mail server did not give out this mail."), by=by)
        else:
            fill_in(waiting.pk, raw, by=by)


def groups_by_size(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """UIDs in order, so many at once that their mails fit into memory together."""
    group: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if group and total + size > BATCH_BYTES:
            yield group
            group, total = [], 0
        group.append(uid)
        total += size
    if group:
        yield group


def _take_in_group(
    mailbox: Mailbox, inbox: Inbox, uids: list[int], sizes: dict[int, int], *, by: Staff
) -> None:
    """In the order of the folder, so that the mailbox's progress never passes what is not kept yet."""
    limit = settings.MAIL_SIZE_LIMIT
    fitting = {uid for uid in uids if sizes.get(uid, 0) <= limit}
    mails = inbox.mails(sorted(fitting)) if fitting else {}
    waiting: list[Arrival] = []
    for uid in uids:
        origin = Origin(mailbox, inbox.uidvalidity, uid)
        raw = mails.pop(uid, None)
        if raw is None and uid in fitting:
            raw = inbox.mails([uid]).get(uid)
        if raw is not None:
            waiting.append(Arrival(raw, origin))
            continue
        take_in_mails(waiting, by=by)
        waiting = []
        _note_missing(inbox, origin, size=sizes.get(uid, 0), by=by)
    take_in_mails(waiting, by=by)
    inbox.mark_seen(uids)


def _note_missing(inbox: Inbox, origin: Origin, *, size: int, by: Staff) -> None:
    """Too large to be fetched, or not given out; gone meanwhile, it was never ours."""
    uid, limit = origin.uid or 0, settings.MAIL_SIZE_LIMIT
    if size > limit:
        take_in_too_large(inbox.head(uid), size=size, limit=limit, origin=origin, by=by)
    elif inbox.has(uid):
        set_aside_unfetched(origin=origin, by=by)


def _say_well(mailbox: Mailbox, *, by: Staff) -> None:
    note_mailbox_well(mailbox.pk, at=timezone.now(), by=by)


def watch_mailbox(mailbox_id: int, stop: threading.Event) -> None:
    """Fetch from one mailbox until told to stop; whatever breaks is said and tried again later."""
    failures = 0
    while not stop.is_set():
        try:
            mailbox = Mailbox.objects.get(pk=mailbox_id)
            _watch_connected(mailbox, stop)
            failures = 0
        except Mailbox.DoesNotExist:
            return
        except DatabaseTrouble:
            logger.warning("mailbox %d: the database is away", mailbox_id)
            _rest(stop, TEND_SECONDS)
        except MAIL_ERRORS as error:
            _say_failing(mailbox, words_of(error, mailbox.imap_host))
            _rest(stop, BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
            failures += 1


def _watch_connected(mailbox: Mailbox, stop: threading.Event) -> None:
    """One connection, for as long as it holds and the settings stay as they are."""
    by = system_staff()
    with open_inbox(mailbox) as inbox:
        while not stop.is_set():
            current = Mailbox.objects.get(pk=mailbox.pk)
            if current.revision != mailbox.revision or not current.can_fetch:
                return
            fetch_new(current, inbox, by=by, stop=stop)
            _say_well(current, by=by)
            close_old_connections()
            inbox.wait(max(5, current.poll_seconds), stop)


def _say_failing(mailbox: Mailbox, words: str) -> None:
    logger.warning("mailbox %d: %s", mailbox.pk, words)
    try:
        note_mailbox_failing(mailbox.pk, error=words, at=timezone.now(), by=system_staff())
    except DatabaseTrouble:
        logger.warning("mailbox %d: the database is away", mailbox.pk)


def _rest(stop: threading.Event, seconds: float) -> None:
    close_old_connections()
    stop.wait(seconds)


class FetchLocks:
    """PostgreSQL advisory locks, held by one connection of this process: who fetches which mailbox."""

    def __init__(self) -> None:
        parameters = connections["default"].get_connection_params()
        for name in ("pool", "cursor_factory", "context", "prepare_threshold"):
            parameters.pop(name, None)
        self._connection = psycopg.connect(**parameters, autocommit=True)

    def take(self, mailbox_id: int) -> bool:
        """This process fetches the mailbox, unless another one does."""
        return self._ask("SELECT pg_try_advisory_lock(%s, %s)", mailbox_id)

    def give_back(self, mailbox_id: int) -> None:
        """Any process may fetch it now."""
        self._ask("SELECT pg_advisory_unlock(%s, %s)", mailbox_id)

    def check(self) -> None:
        """Raises psycopg.Error if the connection, and with it all locks, is gone."""
        self._connection.execute("SELECT 1")

    def close(self) -> None:
        """All locks are free."""
        self._connection.close()

    def _ask(self, query: str, mailbox_id: int) -> bool:
        row = self._connection.execute(query, [_LOCK_CLASS, mailbox_id]).fetchone()
        return bool(row and row[0])


@dataclass
class _Watcher:
    thread: threading.Thread
    stop: threading.Event


class Fetching:
    """Keeps one watcher a mailbox running in this process, for the mailboxes whose lock it got."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._watchers: dict[int, _Watcher] = {}

    def run(self) -> None:
        """Until told to stop. If the locks are lost, all watchers end, for others may begin."""
        while not self._stop.is_set():
            locks = FetchLocks()
            try:
                while not self._stop.is_set():
                    self.tend(locks)
                    close_old_connections()
                    self._stop.wait(TEND_SECONDS)
            finally:
                self._end_all()
                locks.close()

    def tend(self, locks: FetchLocks) -> None:
        """Begin what should be fetched and is not; end what should not be fetched any more."""
        locks.check()
        wanted = set(Mailbox.objects.active().exclude(imap_host="").values_list("pk", flat=True))
        for mailbox_id, watcher in list(self._watchers.items()):
            if mailbox_id not in wanted:
                watcher.stop.set()
            if not watcher.thread.is_alive():
                del self._watchers[mailbox_id]
                locks.give_back(mailbox_id)
        for mailbox_id in wanted - self._watchers.keys():
            if locks.take(mailbox_id):
                self._watchers[mailbox_id] = _begin(mailbox_id)
        beat("mailroom.fetch", note=str(len(self._watchers)))

    def _end_all(self) -> None:
        for watcher in self._watchers.values():
            watcher.stop.set()
        for watcher in self._watchers.values():
            watcher.thread.join(timeout=5)
        self._watchers.clear()


def _begin(mailbox_id: int) -> _Watcher:
    stop = threading.Event()
    thread = threading.Thread(
        target=_watch, args=(mailbox_id, stop), name=f"mailbox-{mailbox_id}", daemon=True
    )
    thread.start()
    return _Watcher(thread, stop)


def _watch(mailbox_id: int, stop: threading.Event) -> None:
    try:
        watch_mailbox(mailbox_id, stop)
    finally:
        connections.close_all()
