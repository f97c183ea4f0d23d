"""What arrived: list, one item, retry and drop."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.accounts.operations.reads import Subject, log_read
from shouwen.core.errors import Refused
from shouwen.core.files import read_raw
from shouwen.core.paging import keyset_page
from shouwen.mailroom.carriers.email.message import UnreadableMail
from shouwen.mailroom.forms import INBOUND_STATES, LedgerFilterForm, ReasonForm
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations import drop_by_hand, retry_inbound
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import (
    drop_rules,
    facts_about_row,
    inbound_matching,
    read_inbound,
    visible_inbound,
    visible_mailboxes,
)

_SHOWN_CHARACTERS = 20_000


@require_safe
@permission_required(MailPermission.VIEW)
def inbound_list(request: StaffRequest) -> HttpResponse:
    """The inbound ledger, newest first."""
    asked = LedgerFilterForm(request.GET).asked()
    page = keyset_page(inbound_matching(request.user, asked), after=request.GET.get("after", ""))
    context = {
        "page": page,
        "asked": asked,
        "states": INBOUND_STATES,
        "rules": drop_rules(),
        "mailboxes": visible_mailboxes(request.user).order_by("name", "pk"),
    }
    return render(request, "mailroom/inbound_list.html", context)


@require_safe
@permission_required(MailPermission.VIEW)
def inbound_item(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """One thing that arrived: what became of it, and what it says."""
    inbound = _inbound(request, inbound_id)
    return render(request, "mailroom/inbound_item.html", _context(request, inbound))


def _inbound(request: StaffRequest, inbound_id: int) -> Inbound:
    return get_object_or_404(visible_inbound(request.user), pk=inbound_id)


def _context(
    request: StaffRequest, inbound: Inbound, form: ReasonForm | None = None
) -> dict[str, object]:
    return {
        "inbound": inbound,
        "form": form or ReasonForm(auto_id="drop_%s"),
        "download": ReasonForm(auto_id="raw_%s"),
        "history": facts_about_row("inbound", inbound.pk),
        "may_handle": request.user.may(MailPermission.HANDLE),
        **_reading(inbound),
    }


def _reading(inbound: Inbound) -> dict[str, object]:
    """What the mail says, as text; or why it cannot be read."""
    if inbound.channel != "mail" or not inbound.raw_key:
        return {"mail": None}
    try:
        mail = read_inbound(inbound)
    except UnreadableMail:
        return {"mail": None, "unreadable": _("This mail holds nothing that can be read.")}
    except FileNotFoundError:
        return {"mail": None, "unreadable": _("The stored mail is missing from the file storage.")}
    return {"mail": mail, "text": mail.text[:_SHOWN_CHARACTERS]}


@require_POST
@permission_required(MailPermission.HANDLE)
def inbound_retry(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """Send it through the door once more."""
    inbound = _inbound(request, inbound_id)
    form = ReasonForm(auto_id="drop_%s")
    status = 200
    try:
        inbound = retry_inbound(inbound.pk, by=request.user)
    except Refused as refusal:
        form = ReasonForm({}, auto_id="drop_%s")
        form.errors.clear()
        form.add_error(None, str(refusal))
        status = 422
    context = _context(request, inbound, form)
    return render(request, "mailroom/inbound_item.html#head", context, status=status)


@require_POST
@permission_required(MailPermission.HANDLE)
def inbound_drop(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """Drop it by hand, with a reason."""
    inbound = _inbound(request, inbound_id)
    form = ReasonForm(request.POST, auto_id="drop_%s")
    if form.is_valid():
        try:
            inbound = drop_by_hand(inbound.pk, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    context = _context(request, inbound, form)
    return render(request, "mailroom/inbound_item.html#head", context, status=status)


@require_POST
@permission_required(MailPermission.HANDLE)
def inbound_raw(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """The raw bytes, as a download and never inside a page; the reason is logged."""
    inbound = _inbound(request, inbound_id)
    form = ReasonForm(request.POST, auto_id="raw_%s")
    if not form.is_valid() or not inbound.raw_key:
        context = _context(request, inbound) | {"download": form}
        return render(request, "mailroom/inbound_item.html", context, status=422)
    subject = Subject("inbound", inbound.pk, inbound.subject)
    log_read(subject, what="raw", **form.cleaned_data, at=timezone.now(), by=request.user)
    ending = "eml" if inbound.channel == "mail" else "bin"
    response = HttpResponse(read_raw(inbound.raw_key), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="inbound-{inbound.pk}.{ending}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
