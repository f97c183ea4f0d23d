"""The customer's own link, for colleagues who hand it to him."""

import segno
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.cases.models import StatusLink
from shouwen.cases.operations.statuslinks import give_link
from shouwen.cases.permissions import CasePermission
from shouwen.cases.statuslinks import status_address
from shouwen.cases.views.pages import visible_case
from shouwen.core.errors import Refused
from shouwen.ui.dialogs import Dialog


@require_http_methods(["GET", "POST"])
@permission_required(CasePermission.HANDLE)
def case_link(request: StaffRequest, case_id: int) -> HttpResponse:
    """Shows the link; sending it makes one, or a new one instead of it."""
    case = visible_case(request, case_id)
    link = StatusLink.objects.filter(case=case).first()
    form, part, status = forms.Form(request.POST or None), "", 200
    if request.method == "POST":
        part = "#body"
        try:
            is_anew = link is not None
            link = give_link(case.pk, by=request.user, at=timezone.now(), is_anew=is_anew)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 422
    context = {"form": form, "dialog": _dialog(request, link), **_shown(link)}
    return render(request, f"cases/link.html{part}", context, status=status)


def _dialog(request: StaffRequest, link: StatusLink | None) -> Dialog:
    return Dialog(
        title=_("Link to the customer's page"),
        url=request.path,
        submit=_("Make a new one") if link else _("Make a link"),
        changes="case:changed",
    )


def _shown(link: StatusLink | None) -> dict[str, str]:
    if link is None:
        return {}
    address = status_address(link.ref)
    return {"address": address, "qr": segno.make(address, error="m").svg_data_uri(scale=4)}
