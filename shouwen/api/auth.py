"""Who asks: the key in the Authorization header, its scope and its pace."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from shouwen.api.models import ApiKey
from shouwen.api.operations import count_use
from shouwen.api.queries import key_of
from shouwen.api.scopes import Area
from shouwen.core.errors import NotPermitted, Refused


class TooManyRequests(Refused):
    """The key asks more often than it may in a minute."""


def bearer_key(request: HttpRequest) -> ApiKey | None:
    """The usable key this request carries; looked up once a request."""
    known = getattr(request, "api_key", ...)
    if known is ...:
        word, _space, secret = request.headers.get("Authorization", "").partition(" ")
        is_bearer = word.lower() == "bearer" and secret
        known = key_of(secret.strip(), at=timezone.now()) if is_bearer else None
        request.api_key = known  # type: ignore[attr-defined]
    return known


def uses_this_minute(request: HttpRequest, key: ApiKey) -> int:
    """How many requests the key made in this minute, this one counted once."""
    known: int | None = getattr(request, "api_uses", None)
    if known is None:
        known = count_use(key, at=timezone.now())
        request.api_uses = known  # type: ignore[attr-defined]
    return known


class KeyAuth(HttpBearer):
    """A bearer key with the scope that its area and method need; the request acts as its person."""

    def __init__(self, area: Area) -> None:
        super().__init__()
        self.area = area

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """The key, or None for 401; refuses with 403 without the scope, 429 beyond the pace."""
        del token
        key = bearer_key(request)
        if key is None:
            return None
        if uses_this_minute(request, key) > key.requests_per_minute:
            raise TooManyRequests(_("Too many requests in this minute."))
        scope = self.area.scope(request.method or "GET")
        if scope not in key.scopes:
            raise NotPermitted(_("This key lacks the scope %s.") % scope)
        request.user = key.staff
        return key
