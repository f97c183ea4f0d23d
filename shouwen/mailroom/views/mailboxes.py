"""Mailboxes: list, form, trying the connection."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.mailroom.carriers.email.forms import MailboxForm
from shouwen.mailroom.carriers.registry import carrier_of
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations import save_mailbox
from shouwen.mailroom.permissions import MailPermission
from shouwen.mailroom.queries import visible_mailboxes


@require_safe
@permission_required(MailPermission.VIEW)
def mailbox_list(request: StaffRequest) -> HttpResponse:
    """Every mailbox and how it is."""
    context = {
        "mailboxes": visible_mailboxes(request.user).order_by("-is_active", "name", "pk"),
        "may_set_up": request.user.may(MailPermission.SET_UP),
    }
    return render(request, "mailroom/mailbox_list.html", context)


@sensitive_post_parameters("imap_password", "smtp_password")
@require_http_methods(["GET", "POST"])
@permission_required(MailPermission.SET_UP)
def mailbox_new(request: StaffRequest) -> HttpResponse:
    """Set up a mailbox."""
    return _edit(request, Mailbox())


@sensitive_post_parameters("imap_password", "smtp_password")
@require_http_methods(["GET", "POST"])
@permission_required(MailPermission.SET_UP)
def mailbox_edit(request: StaffRequest, mailbox_id: int) -> HttpResponse:
    """Change a mailbox."""
    return _edit(request, get_object_or_404(visible_mailboxes(request.user), pk=mailbox_id))


def _edit(request: StaffRequest, mailbox: Mailbox) -> HttpResponse:
    form = MailboxForm(request.POST or None, instance=mailbox)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_mailbox(
                form.save(commit=False), passwords=form.passwords(), by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Please try the connection."))
            return redirect("mailroom:mailbox", saved.pk)
    context = {"form": form, "mailbox": mailbox}
    return render(
        request, "mailroom/mailbox_form.html", context, status=422 if form.errors else 200
    )


@require_safe
@permission_required(MailPermission.VIEW)
def mailbox_item(request: StaffRequest, mailbox_id: int) -> HttpResponse:
    """One mailbox: settings without secrets, health, the way to try it."""
    mailbox = get_object_or_404(visible_mailboxes(request.user), pk=mailbox_id)
    context = {"mailbox": mailbox, "may_set_up": request.user.may(MailPermission.SET_UP)}
    return render(request, "mailroom/mailbox_item.html", context)


@require_POST
@permission_required(MailPermission.SET_UP)
def mailbox_check(request: StaffRequest, mailbox_id: int) -> HttpResponse:
    """Try both directions now; nothing is fetched or sent."""
    mailbox = get_object_or_404(visible_mailboxes(request.user), pk=mailbox_id)
    checks = carrier_of("mail").check(mailbox)
    context = {"mailbox": mailbox, "checks": checks, "may_set_up": True}
    return render(request, "mailroom/mailbox_item.html#checks", context)
