"""The API: one door, one router a part, one shape of refusal."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from shouwen.accounts.api import router as staff_router
from shouwen.accounts.throttle import address_key
from shouwen.api.auth import KeyAuth, TooManyRequests
from shouwen.api.described import DescribedAPI
from shouwen.api.scopes import AREAS
from shouwen.cases.api import router as cases_router
from shouwen.conversations.api import router as conversations_router
from shouwen.core.errors import NotPermitted, NotThere, Refused
from shouwen.core.http import client_address
from shouwen.core.pace import is_within_pace
from shouwen.customers.api import router as customers_router
from shouwen.exports.api import router as exports_router
from shouwen.knowledge.api import router as phrases_router

DESCRIPTION = """
Authorization: `Bearer sw_...`, a key made under Settings. Keys have scopes (`customers:read`,
`customers:write`, ...) and act as a member of staff: they see what that person may see.

Every POST may carry an `Idempotency-Key` of at most 255 characters: the same key with the same
request again gives the same answer and does the work once, for at least 24 hours; with another
request it is refused with 422.

Lists come in pages: `next` of one answer is `after` of the next request; empty means the end.

Refusals are `{"error": "words for people"}`: 401 no usable key, 403 not allowed, 404 not found,
409 refused by a rule of the work, 422 the request makes no sense, 429 too many requests.
"""


# Requests without a usable key from one address, before it is told to wait.
GUESSES_A_MINUTE = 60
MINUTE = timedelta(minutes=1)


class PlainParser(Parser):
    """JSON without NUL characters, which no text column can hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; refuses with 400 what cannot be stored."""
        if b"\\u0000" in request.body or b"\x00" in request.body:
            raise HttpError(400, _("The request holds a NUL character."))
        return super().parse_body(request)

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """The query, without NUL characters."""
        if any("\x00" in value for values in data.lists() for value in values[1]):
            raise HttpError(400, _("The request holds a NUL character."))
        return super().parse_querydict(data, list_fields, request)


api = DescribedAPI(
    title="Shouwen 首问",
    version="1.0.0",
    description=DESCRIPTION,
    docs_url=None,
    parser=PlainParser(),
    urls_namespace="api",
)
# Area -> the router of the part, each written in its part's api.py.
ROUTERS: dict[str, Router] = {
    "cases": cases_router,
    "conversations": conversations_router,
    "customers": customers_router,
    "exports": exports_router,
    "phrases": phrases_router,
    "staff": staff_router,
}
for code, router in ROUTERS.items():
    api.add_router(f"/{code}", router, auth=KeyAuth(AREAS[code]), tags=[code])


def _answer(request: HttpRequest, words: str, status: int, **more: object) -> HttpResponse:
    return api.create_response(request, {"error": words, **more}, status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule of the work says no: 409; nothing was changed."""
    return _answer(request, str(refusal), 409)


@api.exception_handler(NotPermitted)
def not_permitted(request: HttpRequest, refusal: NotPermitted) -> HttpResponse:
    """The key or its person may not do this: 403."""
    return _answer(request, str(refusal), 403)


@api.exception_handler(TooManyRequests)
def too_many(request: HttpRequest, refusal: TooManyRequests) -> HttpResponse:
    """Too many requests in this minute: 429."""
    response = _answer(request, str(refusal), 429)
    response["Retry-After"] = "60"
    return response


@api.exception_handler(NotThere)
@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def not_there(request: HttpRequest, error: Exception) -> HttpResponse:
    """It does not exist, or the key's person may not know that it does: 404."""
    del error
    return _answer(request, str(NotThere()), 404)


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No usable key: 401; 429 to an address that keeps guessing."""
    del error
    address = address_key(client_address(request))
    at = timezone.now()
    if not is_within_pace("keys", address, limit=GUESSES_A_MINUTE, window=MINUTE, at=at):
        return too_many(request, TooManyRequests(_("Too many requests in this minute.")))
    response = _answer(request, _("Give a usable key: Authorization: Bearer sw_…"), 401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def makes_no_sense(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request does not fit the description: 422, saying where."""
    places = [
        {"where": ".".join(str(step) for step in one["loc"]), "what": one["msg"]}
        for one in error.errors
    ]
    return _answer(request, _("The request makes no sense."), 422, detail=places)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Any other refusal of the library."""
    return _answer(request, str(error), error.status_code)
