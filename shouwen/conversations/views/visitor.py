"""The visitor's side over HTTP: the same JSON as the socket, for whoever gets only polling through."""

from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shouwen.accounts.decorators import open_to_all
from shouwen.accounts.queries import system_staff
from shouwen.accounts.throttle import address_key
from shouwen.conversations.models import Visitor, WidgetSite
from shouwen.conversations.operations.lines import NewLine, mark_read, post_line
from shouwen.conversations.operations.serving import close_conversation
from shouwen.conversations.operations.talk import Said, signal_typing, visitor_line
from shouwen.conversations.operations.visitors import (
    Browser,
    greet_visitor,
    leave_contact,
    see_visitor,
)
from shouwen.conversations.queries.lines import (
    changes_of,
    file_json,
    lines_json,
    new_visitor_state,
)
from shouwen.conversations.queries.visitors import (
    active_site,
    latest_conversation,
    visitor_of_token,
)
from shouwen.core.errors import Refused
from shouwen.core.files import FileTooLarge, check_size, file_token, store_file
from shouwen.core.http import client_address, posted_object, whole_number
from shouwen.core.pace import is_within_pace
from shouwen.deadlines.queries import is_open_now

P = ParamSpec("P")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Json = dict[str, Any]
VISITOR_TOKEN = open_to_all("a visitor has no account; his token is his key")


def _error(words: str, status: int = 409) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)


def _body(request: HttpRequest) -> Json:
    return posted_object(request) or {}


def _too_fast(words: str, window: timedelta) -> JsonResponse:
    response = _error(words, 429)
    response["Retry-After"] = str(int(window.total_seconds()))
    return response


def _text(body: Json, name: str, limit: int) -> str:
    value = body.get(name)
    return value[:limit] if isinstance(value, str) else ""


def _token(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def for_visitor(
    view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the visitor of the token; refusals become 409 with words."""

    def answer(
        request: HttpRequest, site_key: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        site = active_site(site_key)
        if site is None:
            return _error(_("This chat is not available."), 404)
        visitor = visitor_of_token(site, _token(request))
        if visitor is None:
            return _error(_("Please reload the page."), 401)
        try:
            return view(request, visitor, *args, **kwargs)
        except Refused as refusal:
            return _error(str(refusal))

    update_wrapper(answer, view)
    return csrf_exempt(answer)


@VISITOR_TOKEN
@csrf_exempt
@require_POST
def session(request: HttpRequest, site_key: str) -> HttpResponse:
    """Begin or resume: who the visitor is, what was said, where the talk stands."""
    site = active_site(site_key)
    if site is None:
        return _error(_("This chat is not available."), 404)
    body, at = _body(request), timezone.now()
    address = client_address(request)
    browser = Browser(
        page_url=_text(body, "page_url", 500),
        page_title=_text(body, "page_title", 200),
        device=request.headers.get("User-Agent", "")[:200],
        address=address,
    )
    token = _text(body, "token", 100)
    visitor = visitor_of_token(site, token)
    if visitor is None:
        if not is_within_pace(
            "visitors", address_key(address), limit=settings.VISITORS_AN_HOUR, window=HOUR, at=at
        ):
            words = _("Too many visitors from your network. Please try again later.")
            return _too_fast(words, HOUR)
        visitor, token = greet_visitor(site, browser, at=at)
    else:
        see_visitor(visitor, browser, at=at)
    return JsonResponse(
        {"token": token, "name": visitor.display_name, **_standing(visitor, site, 0)}
    )


def _standing(visitor: Visitor, site: WidgetSite, after: int) -> Json:
    at = timezone.now()
    conversation = latest_conversation(visitor)
    if conversation is None:
        is_open = site.queue.calendar is None or is_open_now(site.queue.calendar, at)
        return {"lines": [], "cursor": 0, "state": new_visitor_state(site.queue, is_open=is_open)}
    if after > conversation.last_rev:
        after = 0
    return changes_of(conversation, after=after, for_staff=False, at=at).as_json()


@VISITOR_TOKEN
@for_visitor
def lines(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """GET: what changed after a cursor. POST: say something; the same client id is said once."""
    if request.method == "POST":
        return _say(request, visitor)
    standing = _standing(visitor, visitor.site, whole_number(request.GET.get("after")))
    return JsonResponse(standing)


def _say(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    body, at = _body(request), timezone.now()
    try:
        client_id = UUID(_text(body, "client_id", 40))
    except ValueError:
        return _error(_("This message has no valid id."), 422)
    tokens = body.get("files")
    files = tuple(str(one) for one in tokens[:9]) if isinstance(tokens, list) else ()
    text = body.get("text")
    said = Said(client_id=client_id, text=text if isinstance(text, str) else "", file_tokens=files)
    new = visitor_line(visitor.pk, said, at)
    line = post_line(new, at=at) if isinstance(new, NewLine) else new.kept()
    shown = lines_json([line], for_staff=False)[0]
    return JsonResponse({"line": shown, **_standing(visitor, visitor.site, line.rev)})


@VISITOR_TOKEN
@for_visitor
def upload(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take a file in; the token it gives goes with the next line."""
    sent = request.FILES.get("file") if request.method == "POST" else None
    if sent is None or sent.size is None:
        return _error(_("No file was sent."), 422)
    try:
        check_size(sent.size)
    except FileTooLarge as refusal:
        return _error(str(refusal), 413)
    limit, at = settings.VISITOR_FILES_A_MINUTE, timezone.now()
    if not is_within_pace("files", visitor.pk, limit=limit, window=MINUTE, at=at):
        return _too_fast(_("You are sending very fast. Please wait a moment."), MINUTE)
    stored = store_file(sent.name or "", sent.read())
    return JsonResponse({"file": file_token(stored), **file_json(stored)})


@VISITOR_TOKEN
@for_visitor
def read(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The visitor has read up to a line."""
    conversation = latest_conversation(visitor)
    seq = _body(request).get("seq")
    if conversation and isinstance(seq, int) and 0 <= seq < 2**31:
        mark_read(conversation.pk, seq=seq, by=None)
    return HttpResponse(status=204)


@VISITOR_TOKEN
@for_visitor
def typing(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The visitor types."""
    del request
    conversation = latest_conversation(visitor)
    if conversation:
        signal_typing(conversation.pk, None)
    return HttpResponse(status=204)


@VISITOR_TOKEN
@for_visitor
def contact(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The visitor leaves a name and how to reach him."""
    body = _body(request)
    leave_contact(
        visitor.pk,
        name=_text(body, "name", 60),
        phone=_text(body, "phone", 40),
        mail=_text(body, "mail", 254),
        at=timezone.now(),
    )
    return JsonResponse(_standing(visitor, visitor.site, 0))


@VISITOR_TOKEN
@for_visitor
def leave(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The visitor ends the conversation."""
    del request
    conversation = latest_conversation(visitor)
    if conversation and not conversation.is_closed:
        close_conversation(conversation.pk, by=system_staff(), at=timezone.now(), by_customer=True)
    return JsonResponse(_standing(visitor, visitor.site, 0))
