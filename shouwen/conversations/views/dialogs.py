"""Dialogs that arrive in a response: shown, refused with what is wrong, or done and closed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.errors import Refused
from shouwen.ui.toasts import with_toast


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """What a dialog says and where it sends what is typed."""

    title: str | Promise
    url: str
    submit: str | Promise
    text: str | Promise = ""
    template: str = "conversations/dialogs/form.html"
    more: dict[str, Any] = field(default_factory=dict)


def show(
    request: StaffRequest, dialog: Dialog, form: forms.BaseForm, *, status: int = 200
) -> HttpResponse:
    """The dialog; after a post, only its form."""
    context = {**dialog.more, "dialog": dialog, "form": form}
    name = dialog.template + ("#body" if request.method == "POST" else "")
    return render(request, name, context, status=status)


def act(
    request: StaffRequest, dialog: Dialog, form: forms.BaseForm, do: Callable[[], object], said: str
) -> HttpResponse:
    """Shows the dialog, or does what was asked: closed when done, redrawn (422) when refused."""
    if request.method != "POST":
        return show(request, dialog, form)
    if form.is_valid():
        try:
            do()
            return done(said)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return show(request, dialog, form, status=422)


def done(said: str) -> HttpResponse:
    """Closes the dialog that asked, tells what was done, and has the regions fetch themselves anew."""
    response = HttpResponse(status=204)
    trigger_client_event(response, "dialog:close", {})
    return changed(with_toast(response, said))


def changed(response: HttpResponse) -> HttpResponse:
    """The response, with the word that a move was made."""
    trigger_client_event(response, "workspace:changed", {})
    return response
