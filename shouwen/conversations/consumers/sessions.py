"""Who is behind a staff socket, and whether the session it was opened with still holds."""

import asyncio
import contextlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from shouwen.accounts.models import Staff
from shouwen.conversations.consumers.wire import in_thread

# A socket whose session ended is closed within five seconds, also if no nudge tells of it. (V4.4.4)
CHECK_SECONDS = 4.0


def signed_in(session_key: str) -> Staff | None:
    """Who this session belongs to, if it still holds."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = _store()(session_key)
    user = get_user(request)
    return user if isinstance(user, Staff) and user.is_active else None


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


class SessionWatch:
    """One a process: looks at the sessions of all sockets with two queries."""

    def __init__(self) -> None:
        self._doubts: dict[Callable[[], None], str] = {}
        self._task: asyncio.Task[None] | None = None

    def watch(self, session_key: str, doubt: Callable[[], None]) -> None:
        """`doubt` is called when the session seems to have ended; it looks closely and closes."""
        self._doubts[doubt] = session_key
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, doubt: Callable[[], None]) -> None:
        """The socket is gone."""
        self._doubts.pop(doubt, None)

    async def _run(self) -> None:
        while self._doubts:
            await asyncio.sleep(CHECK_SECONDS)
            with contextlib.suppress(DatabaseError):
                holding = await in_thread(_holding, set(self._doubts.values()))
                for doubt, session_key in tuple(self._doubts.items()):
                    if session_key not in holding:
                        doubt()


def _holding(session_keys: set[str]) -> set[str]:
    """Which of the sessions are there, not expired, and of somebody who may sign in with them."""
    rows = (
        _store()
        .get_model_class()
        .objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    )
    sessions = {row.session_key: row.get_decoded() for row in rows}
    owners = {one.get(SESSION_KEY) for one in sessions.values()} - {None}
    staff = {str(one.pk): one for one in Staff.objects.active().filter(pk__in=owners)}
    return {
        key
        for key, session in sessions.items()
        if (one := staff.get(session.get(SESSION_KEY)))
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), one.get_session_auth_hash())
    }


session_watch = SessionWatch()
