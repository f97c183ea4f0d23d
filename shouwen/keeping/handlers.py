"""Reactions: who looks after the system hears of a failed backup."""

from collections import Counter

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import LinesPosted
from shouwen.core.bus import When, handles
from shouwen.core.clock import local_day
from shouwen.core.live import nudge
from shouwen.keeping.events import BackupFailed, BackupMade
from shouwen.keeping.metrics import LINES, counting
from shouwen.keeping.permissions import KeepingPermission
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff
from shouwen.notices.queries import staff_who_may

BACKUP_FAILED = register_kind("keeping.backup_failed", gettext_lazy("A backup failed"))


@handles(BackupMade, when=When.AFTER_COMMIT)
def show_made(event: BackupMade) -> None:
    """Open health pages show it."""
    nudge("board:health", "backup", event.backup_id)


@handles(BackupFailed, when=When.AFTER_COMMIT)
def show_failed(event: BackupFailed) -> None:
    """Open health pages show it."""
    nudge("board:health", "backup", event.backup_id)


@handles(BackupFailed, when=When.AS_JOB)
def tell_of_failure(event: BackupFailed) -> None:
    """Once a day, however often it is tried, with the reason."""
    at = timezone.now()
    message = Message(
        kind=BACKUP_FAILED.code,
        text=format_lazy(gettext_lazy("The backup failed: {words}"), words=event.words[:300]),
        url=reverse("keeping:health"),
        subject_kind="backup",
        subject_id=event.backup_id,
        key=f"backup-failed:{local_day(at)}",
    )
    ids = [one.pk for one in staff_who_may(KeepingPermission.SEE_HEALTH)]
    notify_staff(ids, message=message, at=at, by=system_staff())


@handles(LinesPosted, when=When.AFTER_COMMIT)
def count_lines(event: LinesPosted) -> None:
    """The counter of lines, by who sent them."""
    if counting():
        for kind, count in Counter(line.kind for line in event.lines).items():
            LINES.labels(kind).inc(count)
