"""Dialogs that arrive in a response: shown, refused with what is wrong, or done and closed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event

from shouwen.core.errors import Refused
from shouwen.ui.toasts import with_toast


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """What a dialog says, where it sends what is typed, and the event that tells regions to redraw."""

    title: str | Promise
    url: str
    submit: str | Promise
    changes: str
    text: str | Promise = ""
    template: str = "ui/dialog.html"
    more: dict[str, Any] = field(default_factory=dict)


def act_in_dialog(
    request: HttpRequest,
    dialog: Dialog,
    form: forms.BaseForm,
    do: Callable[[], object],
    said: str,
) -> HttpResponse:
    """Shows the dialog, or does what was asked: closed when done, redrawn (422) when refused."""
    if request.method != "POST":
        return _show(request, dialog, form)
    if form.is_valid():
        try:
            do()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return closed(said, changes=dialog.changes)
    return _show(request, dialog, form, status=422)


def _show(
    request: HttpRequest, dialog: Dialog, form: forms.BaseForm, *, status: int = 200
) -> HttpResponse:
    context = {**dialog.more, "dialog": dialog, "form": form}
    name = dialog.template + ("#body" if request.method == "POST" else "")
    return render(request, name, context, status=status)


def closed(said: str, *, changes: str) -> HttpResponse:
    """Closes the dialog that asked, tells what was done, and has the regions fetch themselves anew."""
    response = HttpResponse(status=204)
    trigger_client_event(response, "dialog:close", {})
    trigger_client_event(response, changes, {})
    return with_toast(response, said)
