"""A dialog over the page that shows a customer: it asks, refuses in place, and redraws the card."""

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django_htmx.http import reswap, retarget, trigger_client_event

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.errors import Refused
from shouwen.customers.models import Customer
from shouwen.customers.queries import customer_card, visible_customers
from shouwen.ui.toasts import with_toast


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """What a dialog says and asks."""

    title: str
    form: Form
    submit: str
    note: str = ""


def customer_of(request: StaffRequest, customer_id: int) -> Customer:
    """The customer, if this person may open the file; else 404."""
    return get_object_or_404(visible_customers(request.user), pk=customer_id)


def redrawn_card(
    request: StaffRequest, customer: Customer, *, said: str = "", closes: bool = False
) -> HttpResponse:
    """The card as it is now, wherever the page shows it."""
    customer.refresh_from_db()
    context = {"card": customer_card(customer, request.user)}
    response = render(request, "customers/card.html#card", context)
    if closes:
        trigger_client_event(response, "dialog:close", {})
    response = reswap(retarget(response, f"#customer-card-{customer.pk}"), "outerHTML")
    return with_toast(response, said) if said else response


def answer(
    request: StaffRequest, customer: Customer, dialog: Dialog, act: Callable[[], object], said: str
) -> HttpResponse:
    """Ask (GET), or act and redraw the card (POST); a refusal redraws the form with status 422."""
    if request.method != "POST":
        return render(request, "customers/dialog.html", {"dialog": dialog, "url": request.path})
    if dialog.form.is_valid():
        try:
            act()
        except Refused as refusal:
            dialog.form.add_error(None, str(refusal))
        else:
            return redrawn_card(request, customer, said=said, closes=True)
    context = {"dialog": dialog, "url": request.path}
    return render(request, "customers/dialog.html#form", context, status=422)
