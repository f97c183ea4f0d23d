"""The list of customers, a customer's file, a new one, and revealing what is hidden."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page
from shouwen.customers import operations
from shouwen.customers.forms import FilterForm, NewCustomerForm, RevealForm
from shouwen.customers.models import Customer
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import (
    customer_card,
    customer_reached_at,
    customer_rows,
    customer_timeline,
    customers_with,
    tags_in_use,
    visible_customers,
)
from shouwen.customers.views.dialogs import Dialog, customer_of
from shouwen.exports.queries import may_export

PAGE = 50

# What may be dialled: digits with what people put between them.
DIALLED = re.compile(r"\+?[\d -]{5,}")


@require_safe
@permission_required(CustomerPermission.SEE)
def customer_list(request: StaffRequest) -> HttpResponse:
    """Customers, newest first, narrowed by words, tag, flag and quality."""
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = customers_with(
        request.user,
        words=asked.get("q", ""),
        tag=asked.get("tag", ""),
        flag=asked.get("flag", ""),
    )
    if asked.get("quality"):
        found = found.of_quality()
    page = keyset_page(found, order=("-pk",), after=request.GET.get("after", ""), size=PAGE)
    context = {
        "page": page,
        "rows": customer_rows(page.rows, request.user),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "tags": tags_in_use(),
        "flags": [choice for choice in Customer.Flag.choices if choice[0]],
        "may_export": may_export(request.user, "customers"),
        "may_create": request.user.may(CustomerPermission.CREATE),
        "may_manage_tags": request.user.may(CustomerPermission.MANAGE_TAGS),
    }
    return render(request, "customers/list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(CustomerPermission.CREATE)
def customer_new(request: StaffRequest) -> HttpResponse:
    """A file opened by hand. Who has one already is shown instead of a second one."""
    form = NewCustomerForm(request.POST or None, initial={"kind": "person"})
    dialog = Dialog(title=_("New customer"), form=form, submit=_("Open the file"))
    context = {"dialog": dialog, "url": request.path}
    if request.method != "POST":
        return render(request, "customers/dialog.html", context)
    if form.is_valid():
        known = customer_reached_at(form.contacts())
        if known and not visible_customers(request.user).filter(pk=known.pk).exists():
            form.add_error(None, _("Customer %s of another department has this.") % known.number)
        elif known:
            return HttpResponseClientRedirect(reverse("customers:file", args=[known.pk]))
        elif customer := _opened(request, form):
            return HttpResponseClientRedirect(reverse("customers:file", args=[customer.pk]))
    return render(request, "customers/dialog.html#form", context, status=422)


def _opened(request: StaffRequest, form: NewCustomerForm) -> Customer | None:
    entered = form.cleaned_data
    try:
        return operations.enter_customer(
            name=entered["name"],
            details=operations.EnteredDetails(
                salutation=entered["salutation"],
                kind=entered["kind"],
                remarks=entered["remarks"],
            ),
            contacts=form.contacts(),
            by=request.user,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


@require_safe
@permission_required(CustomerPermission.SEE)
def customer_file(request: StaffRequest, customer_id: int) -> HttpResponse:
    """One customer: card, timeline, and what the parts above know."""
    customer = customer_of(request, customer_id)
    operations.note_clear_read(customer_id, by=request.user, at=timezone.now())
    entries, older = customer_timeline(customer, after=request.GET.get("after", ""))
    context = {
        "customer": customer,
        "card": customer_card(customer, request.user),
        "entries": entries,
        "older": older,
    }
    fragment = "#entries" if request.GET.get("after") and request.headers.get("HX-Request") else ""
    return render(request, f"customers/file.html{fragment}", context)


@require_safe
@permission_required(CustomerPermission.SEE)
def customer_card_fragment(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The card alone, as it is now."""
    card = customer_card(customer_of(request, customer_id), request.user)
    return render(request, "customers/card.html#card", {"card": card})


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(CustomerPermission.REVEAL)
def reveal(request: StaffRequest, customer_id: int, field: str) -> HttpResponse:
    """Ask why, write it down, then show the one value."""
    customer_of(request, customer_id)
    form = RevealForm(request.POST or None)
    dialog = Dialog(
        title=_("Show what is hidden"),
        form=form,
        submit=_("Show"),
        note=_("Personal data is shown only for a reason."),
    )
    context = {"dialog": dialog, "url": request.path}
    if request.method != "POST":
        return render(request, "customers/dialog.html", context)
    if form.is_valid():
        try:
            context["value"] = operations.reveal(
                customer_id, field=field, reason=form.reason(), by=request.user
            )
            context["is_phone"] = bool(DIALLED.fullmatch(str(context["value"])))
            return render(request, "customers/dialog.html#revealed", context)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "customers/dialog.html#form", context, status=422)
