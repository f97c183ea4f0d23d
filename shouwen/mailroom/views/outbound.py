"""What leaves: list, one item, resend and stop."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.core.files import read_raw
from shouwen.core.paging import keyset_page
from shouwen.mailroom.carriers.email.message import read_mail
from shouwen.mailroom.forms import OUTBOUND_STATES, LedgerFilterForm
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import cancel_outbound, resend_outbound
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import (
    facts_about_row,
    outbound_matching,
    visible_mailboxes,
    visible_outbound,
)


@require_safe
@permission_required(MailPermission.VIEW)
def outbound_list(request: StaffRequest) -> HttpResponse:
    """The outbound ledger, newest first."""
    asked = LedgerFilterForm(request.GET).asked()
    page = keyset_page(outbound_matching(request.user, asked), after=request.GET.get("after", ""))
    context = {
        "page": page,
        "asked": asked,
        "states": OUTBOUND_STATES,
        "mailboxes": visible_mailboxes(request.user).order_by("name", "pk"),
    }
    return render(request, "mailroom/outbound_list.html", context)


@require_safe
@permission_required(MailPermission.VIEW)
def outbound_item(request: StaffRequest, outbound_id: int) -> HttpResponse:
    """One mail that leaves: its state, the server's words, its text."""
    outbound = get_object_or_404(visible_outbound(request.user), pk=outbound_id)
    mail = read_mail(read_raw(outbound.raw_key)) if not _is_secret(outbound) else None
    context = _context(request, outbound) | {"mail": mail}
    return render(request, "mailroom/outbound_item.html", context)


def _is_secret(outbound: Outbound) -> bool:
    """Links that set a password are for their receiver alone."""
    return outbound.idempotency_key.startswith("password-reset:")


def _context(request: StaffRequest, outbound: Outbound, refusal: str = "") -> dict[str, object]:
    return {
        "outbound": outbound,
        "refusal": refusal,
        "history": facts_about_row("outbound", outbound.pk),
        "may_handle": request.user.may(MailPermission.HANDLE),
    }


@require_POST
@permission_required(MailPermission.HANDLE)
def outbound_resend(request: StaffRequest, outbound_id: int) -> HttpResponse:
    """Send it once more."""
    return _acted(request, outbound_id, lambda pk: resend_outbound(pk, by=request.user))


@require_POST
@permission_required(MailPermission.HANDLE)
def outbound_cancel(request: StaffRequest, outbound_id: int) -> HttpResponse:
    """Do not try it any more."""
    return _acted(request, outbound_id, lambda pk: cancel_outbound(pk, by=request.user))


def _acted(request: StaffRequest, outbound_id: int, act: Callable[[int], Outbound]) -> HttpResponse:
    outbound, refusal = get_object_or_404(visible_outbound(request.user), pk=outbound_id), ""
    try:
        outbound = act(outbound.pk)
    except Refused as refused:
        refusal = str(refused)
    context = _context(request, outbound, refusal)
    template = "mailroom/outbound_item.html#head"
    return render(request, template, context, status=422 if refusal else 200)
