"""The rules that drop."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.mailroom.forms import BlockForm
from shouwen.mailroom.operations import block_sender, switch_rule
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import drop_rules


def _answer(
    request: StaffRequest, *, form: BlockForm, template: str, refusal: str = ""
) -> HttpResponse:
    context = {
        "rules": drop_rules(),
        "form": form,
        "refusal": refusal,
        "may_set_up": request.user.may(MailPermission.SET_UP),
    }
    status = 422 if form.errors or refusal else 200
    return render(request, template, context, status=status)


@require_safe
@permission_required(MailPermission.VIEW)
def rule_list(request: StaffRequest) -> HttpResponse:
    """Every rule, whether it works, and how much it has dropped."""
    return _answer(request, form=BlockForm(), template="mailroom/rules.html")


@require_POST
@permission_required(MailPermission.SET_UP)
def rule_block(request: StaffRequest) -> HttpResponse:
    """Block a sender."""
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            block_sender(**form.cleaned_data, by=request.user)
            form = BlockForm()
        except Refused as refusal:
            form.add_error("pattern", str(refusal))
    return _answer(request, form=form, template="mailroom/rules.html#rules")


@require_POST
@permission_required(MailPermission.SET_UP)
def rule_switch(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Switch a rule on or off."""
    refusal = ""
    try:
        switch_rule(rule_id, is_active=request.POST.get("on") == "1", by=request.user)
    except Refused as refused:
        refusal = str(refused)
    return _answer(request, form=BlockForm(), template="mailroom/rules.html#rules", refusal=refusal)
