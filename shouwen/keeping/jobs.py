"""The nightly backup."""

import os
import subprocess
import sys

from django.conf import settings
from django.utils import timezone

from shouwen.accounts.queries import company
from shouwen.core.jobs import every
from shouwen.core.logs import remove_old_logs
from shouwen.keeping.queries import backup_is_due

NICENESS = 10
LOCALES = {"en": "en_US.UTF-8"}


def _locale() -> str:
    """The company's language: a failure's words are read on the health page."""
    return LOCALES.get(company().language, "zh_CN.UTF-8")


@every("*/5 * * * *")
def back_up_when_due() -> None:
    """At the hours of BACKUP_AT a backup is taken, in a process of its own that steps back for others."""
    if not settings.BACKUP_AT or not backup_is_due(settings.BACKUP_AT, at=timezone.now()):
        return
    # The supervisor's pipe is not for this child; it only says that the database is kept for it.
    subprocess.run(
        [sys.executable, "-m", "shouwen.config.cli", "backup", "--quiet"],
        env={**os.environ, "WAIT_FD": os.environ.get("WAIT_FD", "0"), "LC_ALL": _locale()},
        preexec_fn=lambda: os.nice(NICENESS),
        check=False,
    )


@every("47 3 * * *")
def tidy_logs() -> None:
    """Log files older than LOG_KEEP_DAYS are gone, on the machine whose worker runs this."""
    remove_old_logs(settings.LOG_DIR, keep_days=settings.LOG_KEEP_DAYS, at=timezone.now())
