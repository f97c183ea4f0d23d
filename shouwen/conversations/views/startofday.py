"""The look at system, phone and network comes before the desk, whatever address is opened first. (D153)"""

import functools
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from shouwen.accounts.models import Staff
from shouwen.conversations.queries.desk import owes_start_of_day_check

ASKED_EVERY = 60  # Seconds.
View = Callable[..., HttpResponseBase]


def after_start_of_day(view: View) -> View:
    """Who serves customers and has not looked today is sent to look, and comes back from there."""

    @functools.wraps(view)
    def looked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        staff = request.user
        if isinstance(staff, Staff) and not _has_looked(staff):
            return _to_the_look(request)
        return view(request, *args, **kwargs)

    return looked


def _has_looked(staff: Staff) -> bool:
    """Asked of the database once a minute, for the fragments of a desk come often."""
    key = f"looked:{staff.pk}"
    if cache.get(key):
        return True
    has_looked = not owes_start_of_day_check(staff, at=timezone.now())
    if has_looked:
        cache.set(key, 1, timeout=ASKED_EVERY)
    return has_looked


def _to_the_look(request: HttpRequest) -> HttpResponseBase:
    look = f"{reverse('notices:start_of_day')}?next={quote(_page_of(request))}"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(look)
    return redirect(look)


def _page_of(request: HttpRequest) -> str:
    """The page that was asked for, or the one this was asked from."""
    if request.headers.get("HX-Request"):
        asked_from = urlsplit(request.headers.get("HX-Current-URL", ""))
        return f"{asked_from.path}?{asked_from.query}" if asked_from.query else asked_from.path
    is_page = request.method in {"GET", "HEAD"}
    return request.get_full_path() if is_page else reverse("conversations:workspace")
