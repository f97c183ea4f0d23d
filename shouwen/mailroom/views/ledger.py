"""The two ledgers at a glance."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.http import whole_number
from shouwen.core.slots import filled
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import ledger_figures, ledger_state, visible_mailboxes

SPANS = (7, 30, 90)


@require_safe
@permission_required(MailPermission.VIEW)
def ledger(request: StaffRequest) -> HttpResponse:
    """Received = handled + quarantined + dropped + waiting, by channel and day."""
    asked = whole_number(request.GET.get("days"))
    days = asked if asked in SPANS else SPANS[0]
    last_day = timezone.localdate()
    first_day = last_day - timedelta(days=days - 1)
    context = {
        "days": days,
        "spans": SPANS,
        "figures": ledger_figures(filled("mailroom.channels", request, first_day, last_day)),
        "now": ledger_state(request.user, at=timezone.now()),
        "mailboxes": visible_mailboxes(request.user).order_by("name", "pk"),
        "may_set_up": request.user.may(MailPermission.SET_UP),
    }
    template = (
        "mailroom/ledger.html#ledger"
        if request.headers.get("HX-Request")
        else "mailroom/ledger.html"
    )
    return render(request, template, context)
