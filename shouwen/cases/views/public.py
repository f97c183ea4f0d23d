"""What customers see without an account: the form to send a matter in, and the page behind its link.

No cookie is read here: a form is let in by its ticket, a page by its address, so that also a browser
that keeps no cookies loses nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import open_to_all
from shouwen.accounts.queries import company
from shouwen.accounts.throttle import address_key
from shouwen.cases.forms.request import TRAP, RequestForm, SolvedForm, WordForm
from shouwen.cases.models import CaseKind, StatusLink
from shouwen.cases.operations.customer import (
    Request,
    Word,
    add_customer_word,
    link_of_submission,
    say_whether_solved,
    send_request,
)
from shouwen.cases.queries.kinds import public_kind, public_kinds
from shouwen.cases.queries.status import link_of_token, status_page
from shouwen.cases.refusals import FormIncomplete, ValueUnfit
from shouwen.cases.statuslinks import status_address, status_token
from shouwen.cases.tickets import Ticket, new_ticket, ticket_of
from shouwen.cases.views.pictures import MOST, Pictures, pictures_of
from shouwen.core.errors import Refused
from shouwen.core.http import client_address
from shouwen.core.pace import is_within_pace

P = ParamSpec("P")
HOUR = timedelta(hours=1)
CUSTOMERS = open_to_all("customers have no account; what lets them in is the ticket or the link")


def behind_the_link(
    view: Callable[Concatenate[HttpRequest, StatusLink, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the link of the address; 404 for any that we did not give out.

    The address is the key: it goes to no search engine, no next website and no cache.
    """

    def answer(
        request: HttpRequest, link_token: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        link = link_of_token(link_token)
        if link is None:
            raise Http404
        response = view(request, link, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store"
        return response

    update_wrapper(answer, view)
    return csrf_exempt(answer)


@CUSTOMERS
@require_safe
def request_kinds(request: HttpRequest) -> HttpResponse:
    """What a customer may send in; one kind only: its form."""
    kinds = public_kinds()
    if len(kinds) == 1:
        return redirect("cases:request", kinds[0].code)
    return render(request, "cases/public/kinds.html", {"kinds": kinds, "company": company()})


@CUSTOMERS
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def request_form(request: HttpRequest, kind_code: str) -> HttpResponse:
    """The form of a kind; what was typed and chosen comes back with whatever is wrong."""
    kind = public_kind(kind_code)
    if kind is None:
        raise Http404
    at = timezone.now()
    if request.method == "POST":
        return _receive(request, kind, at)
    return _show(request, RequestForm(kind=kind), new_ticket(kind.code, at=at), Pictures())


def _show(
    request: HttpRequest, form: RequestForm, ticket: Ticket, pictures: Pictures, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "kind": form.kind,
        "ticket": ticket.signed(),
        "pictures": pictures,
        "most": MOST,
        "megabytes": settings.FILE_SIZE_LIMIT // (1024 * 1024),
        "company": company(),
        "others": len(public_kinds()) > 1,
    }
    return render(request, "cases/public/request.html", context, status=status)


def _receive(request: HttpRequest, kind: CaseKind, at: datetime) -> HttpResponse:
    ticket = ticket_of(request.POST.get("ticket", ""), kind.code, at=at)
    if ticket and (before := link_of_submission(ticket.key)):
        return _thanks(before)
    form = RequestForm(request.POST, kind=kind)
    pictures = pictures_of(request, at=at)
    is_filled_in = form.is_valid()
    for words in [*pictures.refusals, *_doubts(form, ticket, at)]:
        form.add_error(None, words)
    ticket = ticket or new_ticket(kind.code, at=at)
    if not is_filled_in or form.errors:
        return _show(request, form, ticket, pictures, 422)
    if not _is_in_pace(request, at):
        form.add_error(None, _("Too many forms from your network. Please try again in an hour."))
        return _show(request, form, ticket, pictures, 429)
    link = _sent(form, ticket, pictures, at)
    return _thanks(link) if link else _show(request, form, ticket, pictures, 422)


def _doubts(form: RequestForm, ticket: Ticket | None, at: datetime) -> list[str]:
    """Why this may come from a machine, in words for a person it does come from."""
    if ticket is None:
        return [_("This page was open for too long. All you wrote is here: please send it again.")]
    if ticket.is_too_quick(at) or form.data.get(TRAP):
        return [_("That was very quick. Please look through it once more and send it again.")]
    return []


def _is_in_pace(request: HttpRequest, at: datetime) -> bool:
    who, limit = address_key(client_address(request)), settings.FORMS_AN_HOUR
    return is_within_pace("customer-forms", who, limit=limit, window=HOUR, at=at)


def _sent(form: RequestForm, ticket: Ticket, pictures: Pictures, at: datetime) -> StatusLink | None:
    entered = form.cleaned_data
    try:
        asked = Request(
            kind=form.kind,
            submission=ticket.key,
            values=form.values,
            category=entered.get("category"),
            files=pictures.files,
            **{name: entered[name] for name in ("name", "matter", "demand", "phone", "mail")},
        )
        return send_request(asked, at=at)
    except ValueUnfit as refusal:
        form.point_at(refusal.field, str(refusal))
    except FormIncomplete as refusal:
        for code in refusal.missing:
            form.point_at(code, _("Please fill this in."))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


def _thanks(link: StatusLink) -> HttpResponse:
    return redirect(reverse("cases:status", args=[status_token(link.ref)]) + "?sent=1")


@CUSTOMERS
@behind_the_link
@require_safe
def status(request: HttpRequest, link: StatusLink) -> HttpResponse:
    """How the customer's case goes on; right after sending it, with thanks and the link to keep."""
    return _show_status(request, link)


def _show_status(
    request: HttpRequest, link: StatusLink, *, status: int = 200, **more: Any
) -> HttpResponse:
    at = timezone.now()
    address = status_address(link.ref)
    is_sent = "sent" in request.GET
    context = {
        "page": status_page(link, at=at),
        "token": status_token(link.ref),
        "ticket": new_ticket("word", at=at).signed(),
        "address": address,
        "is_sent": is_sent,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=2) if is_sent else "",
        "company": company(),
        "at": at,
        "most": MOST,
        "word_form": WordForm(),
        "solved_form": SolvedForm(),
        "pictures": Pictures(),
    }
    return render(request, "cases/public/status.html", context | more, status=status)


@CUSTOMERS
@behind_the_link
@require_POST
def status_word(request: HttpRequest, link: StatusLink) -> HttpResponse:
    """The customer adds a word or a picture."""
    at = timezone.now()
    form = WordForm(request.POST)
    pictures = pictures_of(request, at=at)
    ticket = ticket_of(request.POST.get("ticket", ""), "word", at=at) or new_ticket("word", at=at)
    form.is_valid()
    for words in pictures.refusals:
        form.add_error(None, words)
    if not form.errors and not _is_in_pace(request, at):
        form.add_error(None, _("Too many forms from your network. Please try again in an hour."))
    if not form.errors:
        said = Word(key=ticket.key, text=form.cleaned_data["text"], files=pictures.files)
        try:
            add_customer_word(link.pk, said, at=at)
            return _back(link, "words")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    more = {"word_form": form, "pictures": pictures, "ticket": ticket.signed()}
    return _show_status(request, link, status=422, **more)


@CUSTOMERS
@behind_the_link
@require_POST
def status_solved(request: HttpRequest, link: StatusLink) -> HttpResponse:
    """The customer says whether the answer solves it."""
    form = SolvedForm(request.POST)
    if form.is_valid():
        try:
            say_whether_solved(link.pk, **form.cleaned_data, at=timezone.now())
            return _back(link, "answer")
        except Refused as refusal:
            form.add_error("words", str(refusal))
    return _show_status(request, link, status=422, solved_form=form)


def _back(link: StatusLink, place: str) -> HttpResponse:
    return redirect(reverse("cases:status", args=[status_token(link.ref)]) + f"#{place}")
