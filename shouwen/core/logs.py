"""Logs: one line a record, with what is being done beside it; nobody's name, number or query string.

Nothing a stranger sends can make a second line. To standard output, and by day into a folder.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Facts = dict[str, str | int]
_facts: ContextVar[Facts] = ContextVar("log_facts", default={})  # noqa: B039 - never changed in place
PREFIX, SUFFIX = "shouwen-", ".log"


@contextmanager
def doing(**facts: str | int) -> Iterator[Facts]:
    """Records inside the block carry these facts: request, staff, job, task."""
    known = {**_facts.get(), **facts}
    token = _facts.set(known)
    try:
        yield known
    finally:
        _facts.reset(token)


def facts_now() -> Facts:
    """What is being done in this thread."""
    return _facts.get()


def words_of(record: logging.LogRecord) -> str:
    """The message on one line. Of a job only its number, name and state: arguments are private."""
    job = getattr(record, "job", None)
    if isinstance(job, dict) and "task_name" in job:
        action = getattr(record, "action", "")
        return escaped(f"job {job.get('id')} {job['task_name']}: {action}")
    return escaped(record.getMessage())


def escaped(text: str) -> str:
    """Line breaks and control characters as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class OneLineFormatter(logging.Formatter):
    """For people: line breaks of the message are escaped; tracebacks stay readable."""

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={one}" for name, one in facts_now().items())
        record.msg = words_of(record) + (f" [{facts}]" if facts else "")
        record.args = None
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": words_of(record),
            "process": record.process,
            **facts_now(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class DailyFileHandler(logging.Handler):
    """A file a day that all processes of this machine write to; a full disk stops no work."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = Path(folder)
        self._day = ""
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        """One write a record, so that lines of two processes never mix."""
        with suppress(OSError):
            self._turn_to(datetime.fromtimestamp(record.created).astimezone().date().isoformat())
            os.write(self._file, (self.format(record) + "\n").encode(errors="replace"))

    def _turn_to(self, day: str) -> None:
        if day == self._day:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{PREFIX}{day}{SUFFIX}"
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = opened, day

    def close(self) -> None:
        """Nothing stays open."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = -1, ""
        super().close()


def remove_old_logs(folder: Path, *, keep_days: int, at: datetime) -> list[Path]:
    """Log files of more than `keep_days` days ago are gone; returns them. 0 keeps all."""
    first = (at - timedelta(days=keep_days)).date().isoformat()
    old = [one for one in sorted(folder.glob(f"{PREFIX}*{SUFFIX}")) if _day_of(one) < first]
    if not keep_days:
        return []
    for one in old:
        one.unlink(missing_ok=True)
    return old


def _day_of(path: Path) -> str:
    return path.name.removeprefix(PREFIX).removesuffix(SUFFIX)
