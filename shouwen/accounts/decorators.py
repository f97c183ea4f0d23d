"""Who may use a view. Each decorator leaves a note, `view.access`, that the architecture test reads."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.operations.sessions import SEEN_EVERY, record_seen
from shouwen.accounts.permissions import permission_label
from shouwen.core.errors import NotPermitted

P = ParamSpec("P")
ONLY_READS = {"GET", "HEAD"}


class StaffRequest(HttpRequest):
    """A request whose user is a member of staff who is signed in."""

    user: Staff


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """Who may use a view: `open`, `any_staff` or `permission`, and why or which."""

    kind: str
    detail: str


def _guard(view: View[P], access: Access, permission: str = "") -> PlainView[P]:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, Staff):
            return _to_sign_in(request)
        if permission and not user.may(permission):
            words = _("Your role does not allow this: %s is missing.")
            return not_permitted(request, words % permission_label(permission))
        _note_seen(user, request)
        if request.method in ONLY_READS:
            user.read_so_far = {}
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except NotPermitted as refusal:
            return not_permitted(request, str(refusal))

    guarded.access = access  # type: ignore[attr-defined]
    return cast(PlainView[P], guarded)


def _note_seen(user: Staff, request: HttpRequest) -> None:
    """My sign-ins say when each device was last used; asked once a minute and process."""
    key = request.session.session_key
    if key and cache.add(f"seen:{key}", 1, timeout=SEEN_EVERY.total_seconds()):
        record_seen(user, session_key=key, at=timezone.now())


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = resolve_url("accounts:sign_in")
        return response
    return redirect_to_login(request.get_full_path())


def not_permitted(request: HttpRequest, words: str) -> HttpResponse:
    """The 403 page, saying what is missing."""
    return render(request, "accounts/not_permitted.html", {"words": words}, status=403)


def login_required(view: View[P]) -> PlainView[P]:
    """Anyone signed in may open it; what is shown starts from visible_...(staff)."""
    return _guard(view, Access("any_staff", "what is shown starts from visible_..."))


def any_staff(reason: str) -> Callable[[View[P]], PlainView[P]]:
    """Anyone signed in may use it, for the reason given."""
    return lambda view: _guard(view, Access("any_staff", reason))


def permission_required(permission: StrEnum) -> Callable[[View[P]], PlainView[P]]:
    """Only who holds the permission may use it; others get a 403 page that names what is missing."""
    return lambda view: _guard(view, Access("permission", str(permission)), str(permission))


def open_to_all(reason: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Everybody may use it, signed in or not, for the reason given."""

    def mark(view: Callable[P, Any]) -> Callable[P, Any]:
        view.access = Access("open", reason)  # type: ignore[attr-defined]
        return view

    return mark
